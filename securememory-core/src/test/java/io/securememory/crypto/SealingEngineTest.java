package io.securememory.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.libcrypto.LibCryptos;
import io.securememory.testing.Effort;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Seed;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine against two libraries, byte for byte, with each way of calling libcrypto and without it. */
@OnEverySystem
class SealingEngineTest {

    private static final int RUNS = Effort.of("sealing.runs", 6_000, 100_000);

    /** How far lengths go on both sides of a threshold: at most, over a whole block. */
    private static final int AROUND = Effort.of("sealing.around", 18, 70);

    private static final int MAX_LENGTH = 40_000;
    private static final int WORK_AT = 64;

    /** Engines by the library that they have. They share their work area. */
    private final Map<String, SealingEngine> engines = new LinkedHashMap<>();

    private final ByteBuffer work = ByteBuffer.allocateDirect(
                    WORK_AT + SealingEngine.WORK_SIZE + SealingEngine.FREE_SIZE)
            .order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(MAX_LENGTH + 64).order(ByteOrder.LITTLE_ENDIAN);

    SealingEngineTest() {
        engines.put("none", new SealingEngine(work, WORK_AT, () -> null));
        for (String access : Runtime.version().feature() >= 22 ? List.of("jna", "ffm") : List.of("jna")) {
            LibCrypto library = LibCryptos.find(access);
            if (library != null) {
                engines.put(access, new SealingEngine(work, WORK_AT, () -> library));
            }
        }
    }

    @Test
    void agreesWithBouncyCastleAndTheJdkOnRandomInputsAndRefusesTamperedOnes() throws Exception {
        Random random = Seed.random("sealing random inputs");
        for (int run = 0; run < RUNS; run++) {
            int length = 1 + random.nextInt(run % 100 == 0 ? MAX_LENGTH : run % 10 == 0 ? 5_000 : 300);
            compareEach(random, length, run % 10 == 0);
        }
    }

    private void compareEach(Random random, int length, boolean withJdk) throws Exception {
        for (Map.Entry<String, SealingEngine> each : engines.entrySet()) {
            if (each.getKey().equals("none") || length >= 1024) {
                compareOnce(random, each.getKey(), each.getValue(), length, withJdk);
            }
        }
    }

    private void compareOnce(Random random, String library, SealingEngine engine, int length, boolean withJdk)
            throws Exception {
        engine.setFree(random.nextBoolean() ? 1 << 20 : random.nextInt(SealingEngine.FREE_SIZE));
        byte[] key = setRandomKey(random, engine);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        int at = random.nextInt(64);
        plain.put(at, bytes);
        long nonce = random.nextLong();

        byte[] sealed = engine.seal(nonce, plain, at, length);

        boolean ofOwn = length >= (library.equals("ffm") ? 1088 : library.equals("jna") ? 1792 : Integer.MAX_VALUE);
        byte[] used = ofOwn ? ownKey(key, nonce, length, 0) : key;
        byte[] text = ofOwn ? stream(ownKey(key, nonce, length, 32), nonce(nonce), bytes) : bytes;
        byte[] associated = ofOwn ? new byte[0] : associated(length);
        byte[] expected = bouncyCastle(used, nonce, associated, text);
        assertThat(SealingEngine.nonce(sealed)).isEqualTo(nonce);
        assertThat(Arrays.equals(sealed, 8, sealed.length, expected, 0, expected.length))
                .as("length %d, library %s", length, library)
                .isTrue();
        if (withJdk) {
            assertThat(jdk(used, nonce, associated, text)).isEqualTo(expected);
        }
        compareArrays(random, engine, nonce, bytes, sealed);
        assertThat(Arrays.equals(engine.sealInPlace(nonce, plain, at, length), sealed))
                .isTrue();
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

    private static byte[] stream(byte[] key, byte[] nonce, byte[] bytes) {
        ChaCha7539Engine cipher = new ChaCha7539Engine();
        cipher.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        byte[] out = new byte[bytes.length];
        cipher.processBytes(bytes, 0, bytes.length, out, 0);
        return out;
    }

    /** A half of the block of ChaCha20 with such a number and a one in front of the nonce, computed by BouncyCastle. */
    private static byte[] ownKey(byte[] key, long nonce, int number, int from) {
        byte[] whole = nonce(nonce);
        whole[0] = 1;
        ChaCha7539Engine cipher = new ChaCha7539Engine();
        cipher.init(true, new ParametersWithIV(new KeyParameter(key), whole));
        cipher.seekTo(64L * number + from);
        byte[] own = new byte[32];
        cipher.processBytes(own, 0, 32, own, 0);
        return own;
    }

    /** From an array and into one: the same bytes, and none beside them. */
    private void compareArrays(Random random, SealingEngine engine, long nonce, byte[] bytes, byte[] sealed) {
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
        System.arraycopy(other, at, array, at, wasWritten(array, at, bytes.length) ? bytes.length : 0);
        assertThat(Arrays.equals(array, other))
                .as("nothing is written beside it")
                .isTrue();
        assertThat(engine.open(sealed, array, at)).isTrue();
        assertThat(Arrays.equals(array, expected)).isTrue();
    }

    /** Whether an array has zeros where the plaintext would be, as the library leaves them. */
    private static boolean wasWritten(byte[] array, int at, int length) {
        return Arrays.equals(array, at, at + length, new byte[length], 0, length);
    }

    /** Sets two random halves and returns the key that they make, computed by BouncyCastle. */
    private static byte[] setRandomKey(Random random, SealingEngine engine) {
        byte[] left = new byte[32];
        byte[] right = new byte[32];
        random.nextBytes(left);
        random.nextBytes(right);
        setKey(engine, left, right);
        byte[] key = digest(right);
        for (int i = 0; i < key.length; i++) {
            key[i] ^= left[i];
        }
        return key;
    }

    private static void setKey(SealingEngine engine, byte[] left, byte[] right) {
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

    /** Where there is no room behind the work area, its last part is a piece all the same. */
    @Test
    void wipeLeavesOnlyZerosOfTheSmallestPieces() {
        for (SealingEngine engine : engines.values()) {
            engine.setFree(0);
            setRandomKey(new Random(4), engine);
            byte[] sealed = engine.seal(1, new byte[5_000], 0, 5_000);
            assertThat(engine.open(sealed, new byte[5_000], 0)).isTrue();

            engine.wipe();

            for (int i = 0; i < work.limit(); i++) {
                assertThat(work.get(i)).as("byte %d", i).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_500})
    void shortenedCiphertextIsRefused(int length) {
        engines.values().forEach(engine -> {
            setRandomKey(new Random(1), engine);
            byte[] sealed = engine.seal(5, plain, 0, length);

            assertThat(engine.open(Arrays.copyOf(sealed, sealed.length - 1), plain, 0))
                    .isFalse();
        });
    }

    /** From where on a library computes, and where its pieces and the lengths end for which it has code of their own. */
    @ParameterizedTest
    @ValueSource(ints = {1024, 1088, 1280, 1536, 1792, 2048, 2560, 3072, 4096, 8192, 4 * 8192})
    void lengthsAroundEachThresholdAgree(int threshold) throws Exception {
        Random random = new Random(threshold);
        for (int length = threshold - AROUND; length <= threshold + AROUND; length++) {
            compareEach(random, length, length % 10 == 0);
        }
    }

    /** A short text after a long one, and the other way round, in one engine. */
    @ParameterizedTest
    @ValueSource(ints = {32, 1_000, 5_000, MAX_LENGTH})
    void wipeLeavesOnlyZeros(int length) {
        for (SealingEngine engine : engines.values()) {
            for (int next : new int[] {length, 32, length}) {
                engine.setFree(SealingEngine.FREE_SIZE);
                setRandomKey(new Random(2), engine);
                byte[] sealed = engine.seal(1, plain, 0, next);
                assertThat(engine.open(sealed, new byte[next], 0)).isTrue();

                engine.wipe();

                for (int i = 0; i < work.limit(); i++) {
                    assertThat(work.get(i)).as("byte %d", i).isZero();
                }
            }
        }
    }

    /** Arrays of the heap are copied by a collector, and the copies are wiped by nobody. */
    @Test
    void nothingThatIsComputedRestsInAnArray() {
        for (Class<?> type : List.of(SealingEngine.class, KeyStreams.class, LibraryCipher.class, Sha256.class)) {
            assertThat(type.getDeclaredFields())
                    .filteredOn(field -> !Modifier.isStatic(field.getModifiers()))
                    .extracting(Field::getType)
                    .noneMatch(Class::isArray);
        }
    }
}
