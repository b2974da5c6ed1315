package io.securememory.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** One computation of HMAC-SHA256 with this library's own code: three digests and the key, one behind the other. */
final class OwnHmac {

    private static final int KEY = 3 * Sha256.WORK_SIZE;

    /** Bytes of native memory that it needs. */
    static final int WORK_SIZE = KEY + Sha256.BLOCK_SIZE;

    private static final byte[] INNER = filled(0x36);
    private static final byte[] OUTER = filled(0x5c);

    private final ByteBuffer memory;
    private final int key;
    private final Sha256 longKey;
    private final Sha256 inner;
    private final Sha256 outer;

    /**
     * @param memory native memory, little-endian
     * @param at first of {@link #WORK_SIZE} bytes
     */
    OwnHmac(ByteBuffer memory, int at) {
        this.memory = memory;
        key = at + KEY;
        longKey = new Sha256(memory, at);
        inner = new Sha256(memory, at + Sha256.WORK_SIZE);
        outer = new Sha256(memory, at + 2 * Sha256.WORK_SIZE);
    }

    private static byte[] filled(int value) {
        byte[] block = new byte[Sha256.BLOCK_SIZE];
        Arrays.fill(block, (byte) value);
        return block;
    }

    byte[] sign(ByteSource source, int length, byte[] message) {
        boolean hashed = length > Sha256.BLOCK_SIZE;
        if (hashed) {
            hash(source, length);
        } else {
            source.copyTo(0, memory, key, length);
        }
        pad(length, hashed, INNER, inner);
        inner.update(message, 0, message.length);
        inner.finish();
        pad(length, hashed, OUTER, outer);
        outer.update(inner);
        outer.finish();
        byte[] signature = new byte[Sha256.DIGEST_SIZE];
        for (int i = 0; i < signature.length; i++) {
            signature[i] = outer.get(i);
        }
        return signature;
    }

    private void hash(ByteSource source, int length) {
        int part;
        for (int done = 0; done < length; done += part) {
            part = Math.min(Sha256.BLOCK_SIZE, length - done);
            source.copyTo(done, memory, key, part);
            for (int i = 0; i < part; i++) {
                longKey.update(memory.get(key + i));
            }
        }
        longKey.finish();
    }

    private void pad(int keyLength, boolean hashed, byte[] mask, Sha256 target) {
        int length = hashed ? Sha256.DIGEST_SIZE : keyLength;
        for (int i = 0; i < length; i++) {
            target.update((byte) ((hashed ? longKey.get(i) : memory.get(key + i)) ^ mask[i]));
        }
        target.update(mask, length, mask.length);
    }
}
