package io.securememory.memguard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.Effort;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Seed;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine against two libraries, byte for byte. */
@OnEverySystem
class SealingEngineTest {

    private static final int RUNS = Effort.of("sealing.runs", 8_000, 100_000);

    /** How far lengths go on both sides of a threshold: at most, over a whole block. */
    private static final int AROUND = Effort.of("sealing.around", 18, 70);

    private static final int MAX_LENGTH = 40_000;
    private static final int WORK_AT = 64;

    private final ByteBuffer work =
            ByteBuffer.allocateDirect(WORK_AT + SealingEngine.WORK_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(MAX_LENGTH + 64).order(ByteOrder.LITTLE_ENDIAN);
    private final SealingEngine engine = new SealingEngine(work, WORK_AT);

    @Test
    void agreesWithBouncyCastleAndTheJdkOnRandomInputsAndRefusesTamperedOnes() throws Exception {
        Random random = Seed.random("sealing random inputs");
        for (int run = 0; run < RUNS; run++) {
            int length = 1 + random.nextInt(run % 100 == 0 ? MAX_LENGTH : run % 10 == 0 ? 5_000 : 300);
            compareOnce(random, length, run % 10 == 0);
        }
    }

    private void compareOnce(Random random, int length, boolean withJdk) throws Exception {
        byte[] key = setRandomKey(random);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        int at = random.nextInt(64);
        plain.put(at, bytes);
        long nonce = random.nextLong();

        byte[] sealed = engine.seal(nonce, plain, at, length);

        byte[] expected = bouncyCastle(key, nonce, associated(length), bytes);
        assertThat(SealingEngine.nonce(sealed)).isEqualTo(nonce);
        assertThat(Arrays.equals(sealed, 8, sealed.length, expected, 0, expected.length))
                .as("length %d", length)
                .isTrue();
        if (withJdk) {
            assertThat(jdk(key, nonce, associated(length), bytes)).isEqualTo(expected);
        }
        compareArrays(random, nonce, bytes, sealed);
        int to = random.nextInt(64);
        assertThat(engine.open(sealed, plain, to)).isTrue();
        byte[] opened = new byte[length];
        plain.get(to, opened);
        assertThat(opened).isEqualTo(bytes);

        sealed[random.nextInt(sealed.length)] ^= (byte) (1 << random.nextInt(8));
        plain.put(to, new byte[length]);
        assertThat(engine.open(sealed, plain, to)).isFalse();
        plain.get(to, opened);
        assertThat(opened).as("nothing is written").containsOnly(0);
    }

    /** From an array and into one: the same bytes, and none beside them. */
    private void compareArrays(Random random, long nonce, byte[] bytes, byte[] sealed) {
        int at = random.nextInt(20);
        byte[] other = new byte[bytes.length + 40];
        random.nextBytes(other);
        byte[] array = other.clone();
        System.arraycopy(bytes, 0, array, at, bytes.length);
        byte[] expected = array.clone();
        assertThat(Arrays.equals(engine.seal(nonce, array, at, bytes.length), sealed))
                .isTrue();
        assertThat(Arrays.equals(array, expected)).as("the source stays").isTrue();

        byte[] changed = sealed.clone();
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        System.arraycopy(other, 0, array, 0, array.length);
        assertThat(engine.open(changed, array, at)).isFalse();
        assertThat(Arrays.equals(array, other)).as("nothing is written").isTrue();
        assertThat(engine.open(sealed, array, at)).isTrue();
        assertThat(Arrays.equals(array, expected)).isTrue();
    }

    /** Sets two random halves and returns the key that they make, computed by BouncyCastle. */
    private byte[] setRandomKey(Random random) {
        byte[] left = new byte[32];
        byte[] right = new byte[32];
        random.nextBytes(left);
        random.nextBytes(right);
        setKey(left, right);
        byte[] key = digest(right);
        for (int i = 0; i < key.length; i++) {
            key[i] ^= left[i];
        }
        return key;
    }

    private void setKey(byte[] left, byte[] right) {
        ByteBuffer lefts = ByteBuffer.wrap(left).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer rights = ByteBuffer.wrap(right).order(ByteOrder.LITTLE_ENDIAN);
        for (int word = 0; word < 4; word++) {
            engine.putLeft(word, lefts.getLong(8 * word));
        }
        ByteBuffer spread = ByteBuffer.allocateDirect(Blake2b.SPREAD_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        Blake2b.spread(rights, 0, spread, 0);
        engine.mix(spread, 0);
        engine.combine();
    }

    static byte[] digest(byte[] input) {
        Blake2bDigest blake = new Blake2bDigest(256);
        blake.update(input, 0, input.length);
        byte[] digest = new byte[32];
        blake.doFinal(digest, 0);
        return digest;
    }

    private static byte[] associated(int length) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(length)
                .array();
    }

    private static byte[] nonce(long last) {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0)
                .putLong(last)
                .array();
    }

    private static byte[] bouncyCastle(byte[] key, long nonce, byte[] associated, byte[] bytes)
            throws InvalidCipherTextException {
        ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
        cipher.init(true, new AEADParameters(new KeyParameter(key), 128, nonce(nonce), associated));
        byte[] out = new byte[cipher.getOutputSize(bytes.length)];
        int done = cipher.processBytes(bytes, 0, bytes.length, out, 0);
        cipher.doFinal(out, done);
        return out;
    }

    private static byte[] jdk(byte[] key, long nonce, byte[] associated, byte[] bytes) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce(nonce)));
        cipher.updateAAD(associated);
        return cipher.doFinal(bytes);
    }

    @Test
    void shortenedCiphertextIsRefused() {
        setRandomKey(new Random(1));
        byte[] sealed = engine.seal(5, plain, 0, 100);

        assertThat(engine.open(Arrays.copyOf(sealed, sealed.length - 1), plain, 0))
                .isFalse();
    }

    @Test
    void blocksOfTheKeyStreamAreThoseOfRfc8439() {
        ByteBuffer memory = ByteBuffer.allocateDirect(128).order(ByteOrder.LITTLE_ENDIAN);

        // Appendix A.1, test vectors 1, 3 and 5.
        ChaCha20Block.compute(memory, 0, 0, 0, 0, 32);
        assertThat(hex(memory, 32, 16)).isEqualTo("76b8e0ada0f13d90405d6ae55386bd28");
        memory.put(31, (byte) 1);
        ChaCha20Block.compute(memory, 0, 1, 0, 0, 32);
        assertThat(hex(memory, 32, 16)).isEqualTo("3aeb5224ecf849929b9d828db1ced4dd");
        memory.put(31, (byte) 0);
        ChaCha20Block.compute(memory, 0, 0, 0, 2L << 56, 32);
        assertThat(hex(memory, 32, 16)).isEqualTo("c2c64d378cd536374ae204b9ef933fcd");
    }

    @Test
    void batchIsTheSameAsItsBlocks() {
        ByteBuffer memory = ByteBuffer.allocateDirect(128).order(ByteOrder.LITTLE_ENDIAN);
        byte[] key = new byte[32];
        new Random(3).nextBytes(key);
        memory.put(0, key);
        ChaCha20Lanes lanes = new ChaCha20Lanes();
        int counter = -5;

        lanes.generate(memory, 0, counter, 77, 1234567890123L);

        for (int block = 0; block < ChaCha20Lanes.BLOCKS; block++) {
            ChaCha20Block.compute(memory, 0, counter + block, 77, 1234567890123L, 32);
            for (int i = 0; i < ChaCha20Block.SIZE; i += 8) {
                assertThat(lanes.wordAt(block * ChaCha20Block.SIZE + i)).isEqualTo(memory.getLong(32 + i));
            }
        }
    }

    /** From where on blocks are computed in batches, tags in lanes, and where a batch is full. */
    @ParameterizedTest
    @ValueSource(ints = {1024, 1792, 2048, 4096, 8192, 8192 + 1792, 2 * 8192, 2 * 8192 + 1792, 4 * 8192})
    void lengthsAroundEachThresholdAgree(int threshold) throws Exception {
        Random random = new Random(threshold);
        for (int length = threshold - AROUND; length <= threshold + AROUND; length++) {
            compareOnce(random, length, length % 10 == 0);
        }
    }

    /** Sections 2.8.2 and A.5. */
    @ParameterizedTest
    @CsvSource({
        "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f,07000000,4041424344454647,"
                + "50515253c0c1c2c3c4c5c6c7,d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9"
                + "671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad67594"
                + "5585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116,1ae10b594f09e26a7e902ecbd0600691",
        "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0,00000000,0102030405060708,"
                + "f33388860000000000004e91,64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d"
                + "43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b948114ad176e008d33bd"
                + "60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4b9166c767b804d46a59b"
                + "5216cde7a4e99040c5a40433225ee282a1b0a06c523eaf4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273"
                + "f548271a0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a1049e617d91d361094fa68f0ff7798"
                + "7130305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b02709b,eead9d67890cbb22392336fea1851f38"
    })
    void tagsAreThoseOfRfc8439(String key, String prefix, String nonce, String associated, String cipher, String tag) {
        ByteBuffer memory = ByteBuffer.allocateDirect(256).order(ByteOrder.LITTLE_ENDIAN);
        byte[] data = HexFormat.of().parseHex(cipher);
        byte[] extra = HexFormat.of().parseHex(associated);
        memory.put(0, HexFormat.of().parseHex(key));

        ChaCha20Block.compute(memory, 0, 0, (int) little(prefix), little(nonce), 32);
        memory.put(32 + Poly1305.ASSOCIATED, Arrays.copyOf(extra, Poly1305.BLOCK));
        memory.putLong(32 + Poly1305.LENGTHS, extra.length).putLong(40 + Poly1305.LENGTHS, data.length);
        Poly1305.compute(memory, 32, data, 0, data.length, 128, null);

        assertThat(hex(memory, 128, Poly1305.TAG_SIZE)).isEqualTo(tag);
    }

    private static long little(String hex) {
        return ByteBuffer.wrap(Arrays.copyOf(HexFormat.of().parseHex(hex), 8))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    static String hex(ByteBuffer memory, int from, int length) {
        byte[] bytes = new byte[length];
        memory.get(from, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void wipeLeavesOnlyZeros() {
        setRandomKey(new Random(2));
        engine.seal(1, plain, 0, MAX_LENGTH);

        engine.wipe();

        for (int i = 0; i < work.limit(); i++) {
            assertThat(work.get(i)).isZero();
        }
    }

    @Test
    void wipeLeavesNothingOfTheKeyStream() throws ReflectiveOperationException {
        ByteBuffer memory = ByteBuffer.allocateDirect(32).order(ByteOrder.LITTLE_ENDIAN);
        ChaCha20Lanes lanes = new ChaCha20Lanes();
        lanes.generate(memory, 0, 1, 0, 2);

        lanes.wipe();

        assertThat((int[]) field(lanes, "words")).containsOnly(0);
        assertThat((long[]) field(lanes, "pairs")).containsOnly(0);
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    /** A short text after a long one, and the other way round, in one engine. */
    @Test
    void wipeReachesLanesAgainAfterEachUse() throws ReflectiveOperationException {
        for (int length : new int[] {5_000, 32, 5_000}) {
            setRandomKey(new Random(5));
            engine.seal(1, plain, 0, length);
            engine.wipe();

            assertThat((long[]) field(field(engine, "lanes"), "pairs")).containsOnly(0);
        }
    }
}
