package io.securememory.memguard;

import io.securememory.memguard.internal.Bytes;
import io.securememory.memguard.internal.TracelessInputStream;

/** Reads bytes of an {@link EnclaveStream} and removes them from it. */
final class EnclaveInputStream extends TracelessInputStream {

    private final EnclaveStream stream;

    EnclaveInputStream(EnclaveStream stream) {
        this.stream = stream;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        try {
            return stream.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        } finally {
            Bytes.wipe(one);
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        return stream.read(target, offset, length);
    }

    /** Removes whole sealed parts without opening them. */
    @Override
    public long skip(long count) {
        return stream.skip(count);
    }

    @Override
    public int available() {
        return (int) Math.min(stream.size(), Integer.MAX_VALUE);
    }
}
