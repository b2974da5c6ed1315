package io.securememory.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnEverySystem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

/** Tags of messages of all lengths around the point from which blocks are taken in pairs, compared with BouncyCastle's. */
@OnEverySystem
class Poly1305Test {

    private static final int MOST = 40 * Poly1305.BLOCK;
    private static final int KEY = 0;
    private static final int TARGET = 64;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(TARGET + Poly1305.STATE_SIZE).order(ByteOrder.LITTLE_ENDIAN);

    private void compare(byte[] key, byte[] associated, byte[] data, int length) {
        byte[] expected = bouncyCastle(key, associated, data, length);
        assertThat(tag(key, associated, data, length)).as("length %d", length).isEqualTo(expected);
    }

    private byte[] tag(byte[] key, byte[] associated, byte[] data, int length) {
        memory.put(KEY, key).put(KEY + Poly1305.ASSOCIATED, associated);
        memory.putLong(KEY + Poly1305.LENGTHS, 8).putLong(KEY + Poly1305.LENGTHS + Long.BYTES, length);
        Poly1305.compute(memory, KEY, data, 0, length, TARGET);
        byte[] tag = new byte[Poly1305.TAG_SIZE];
        memory.get(TARGET, tag);
        return tag;
    }

    private static byte[] bouncyCastle(byte[] key, byte[] associated, byte[] data, int length) {
        org.bouncycastle.crypto.macs.Poly1305 mac = new org.bouncycastle.crypto.macs.Poly1305();
        mac.init(new KeyParameter(key));
        mac.update(associated, 0, associated.length);
        mac.update(data, 0, length);
        mac.update(new byte[Poly1305.BLOCK], 0, -length & (Poly1305.BLOCK - 1));
        byte[] lengths = ByteBuffer.allocate(Poly1305.BLOCK)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(8)
                .putLong(length)
                .array();
        mac.update(lengths, 0, lengths.length);
        byte[] tag = new byte[Poly1305.TAG_SIZE];
        mac.doFinal(tag, 0);
        return tag;
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void everyLengthHasTheRightTag() {
        Random random = new Random(6);
        byte[] key = new byte[32];
        byte[] associated = new byte[Poly1305.BLOCK];
        byte[] data = new byte[MOST];
        for (int length = 0; length <= MOST; length++) {
            random.nextBytes(key);
            random.nextBytes(associated);
            random.nextBytes(data);
            compare(key, associated, data, length);
        }
    }

    /** Limbs at their largest, sums that just reach or pass the prime, keys of zeros. */
    @Test
    void extremesHaveTheRightTag() {
        int[] fillings = {0x00, 0x01, 0x7f, 0x80, 0xfb, 0xfe, 0xff};
        for (int r : fillings) {
            for (int message : fillings) {
                byte[] key = filled(32, r);
                for (int length = 0; length <= MOST; length += 4) {
                    compare(key, filled(Poly1305.BLOCK, message), filled(MOST, message), length);
                }
            }
        }
    }

    /** Whatever the compiler makes of it once it is hot. */
    @Test
    void tagsStayRightWhenTheyAreCompiled() {
        Random random = new Random(8);
        byte[] key = new byte[32];
        byte[] associated = new byte[Poly1305.BLOCK];
        byte[] data = new byte[20_000];
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(key);
            int at = random.nextInt(data.length);
            data[at] = (byte) random.nextInt();
            Arrays.fill(data, at, Math.min(at + 100, data.length), (byte) -(i & 1));
            int length = 1 + random.nextInt(4_000);
            compare(key, associated, data, i % 100 == 0 ? data.length : length);
        }
    }

    @Test
    void keyOfOneAddsBlocksUpToThePrime() {
        byte[] one = new byte[32];
        one[0] = 1;
        byte[] data = filled(MOST, 0xff);
        for (int last = 0; last < 256; last++) {
            data[15 * Poly1305.BLOCK] = (byte) last;
            compare(one, new byte[Poly1305.BLOCK], data, 16 * Poly1305.BLOCK);
        }
    }
}
