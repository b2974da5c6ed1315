package io.securememory.test.search;

import io.securememory.SecretView;
import java.nio.ByteBuffer;

/** Bytes that are looked for. */
interface Octets {

    int length();

    byte get(int index);

    /** Returns a part. */
    default Octets slice(int from, int length) {
        Octets whole = this;
        return new Octets() {
            @Override
            public int length() {
                return length;
            }

            @Override
            public byte get(int index) {
                return whole.get(from + index);
            }
        };
    }

    static Octets of(SecretView view) {
        return new Octets() {
            @Override
            public int length() {
                return view.length();
            }

            @Override
            public byte get(int index) {
                return view.get(index);
            }
        };
    }

    static Octets of(byte[] bytes) {
        return new Octets() {
            @Override
            public int length() {
                return bytes.length;
            }

            @Override
            public byte get(int index) {
                return bytes[index];
            }
        };
    }

    static Octets of(ByteBuffer bytes) {
        return new Octets() {
            @Override
            public int length() {
                return bytes.capacity();
            }

            @Override
            public byte get(int index) {
                return bytes.get(index);
            }
        };
    }
}
