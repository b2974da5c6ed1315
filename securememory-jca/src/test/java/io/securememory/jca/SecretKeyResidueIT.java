package io.securememory.jca;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.test.Finding;
import io.securememory.test.Place;
import io.securememory.test.ResidueReport;
import io.securememory.test.ResidueSearch;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.MemoryMapping;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.ProcessImage;
import io.securememory.testing.RunningChild;
import io.securememory.testing.Seed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Another process encrypts, signs and derives; all its memory is searched for words of the key, for the keys of AES's
 * rounds, for words of the key as vectors have them, and for the padded keys of HMAC.
 */
@OnceInShortForm
class SecretKeyResidueIT {

    private static final Duration LIMIT = Duration.ofSeconds(100);
    private static final int ROUNDS = 14;

    @TempDir
    Path directory;

    private final byte[] key = new byte[32];

    private static void add(Map<String, byte[]> patterns, String name, byte[] bytes, int step) {
        for (int i = 0; i < bytes.length; i += step) {
            patterns.put(name + "." + i, Arrays.copyOfRange(bytes, i, i + step));
        }
    }

    private Map<String, byte[]> patterns() throws Exception {
        Map<String, byte[]> patterns = new TreeMap<>();
        add(patterns, "key", key, 8);
        add(patterns, "inner", masked(0x36), 8);
        add(patterns, "outer", masked(0x5c), 8);
        add(patterns, "round", rounds(), 8);
        for (int i = 0; i < key.length; i += 4) {
            byte[] spread = new byte[16];
            for (int lane = 0; lane < spread.length; lane++) {
                spread[lane] = key[i + lane % 4];
            }
            patterns.put("spread." + i, spread);
        }
        Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        add(patterns, "hash key", aes.doFinal(new byte[16]), 16);
        return patterns;
    }

    private byte[] masked(int mask) {
        byte[] result = key.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= (byte) mask;
        }
        return result;
    }

    /** The keys of the rounds after those that are the key itself. Source: FIPS 197 section 5.2. */
    private byte[] rounds() {
        byte[] all = Arrays.copyOf(key, 16 * (ROUNDS + 1));
        int constant = 1;
        for (int i = 32; i < all.length; i += 4) {
            byte[] word = Arrays.copyOfRange(all, i - 4, i);
            if (i % 32 == 0) {
                word = new byte[] {word[1], word[2], word[3], word[0]};
            }
            if (i % 16 == 0) {
                for (int j = 0; j < 4; j++) {
                    word[j] = substituted(word[j]);
                }
            }
            if (i % 32 == 0) {
                word[0] ^= (byte) constant;
                constant <<= 1;
            }
            for (int j = 0; j < 4; j++) {
                all[i + j] = (byte) (all[i + j - 32] ^ word[j]);
            }
        }
        return Arrays.copyOfRange(all, 32, all.length);
    }

    /** The S-box: the inverse in the field, then an affine map. */
    private static byte substituted(byte value) {
        int inverse = 1;
        for (int i = 0; i < 254; i++) {
            inverse = product(inverse, value & 0xff);
        }
        int result = 0x63;
        for (int shift = 0; shift < 5; shift++) {
            result ^= (inverse << shift | inverse >>> (8 - shift)) & 0xff;
        }
        return (byte) result;
    }

    private static int product(int a, int b) {
        int result = 0;
        int doubled = a;
        for (int i = 0; i < 8; i++) {
            result ^= (b >>> i & 1) == 1 ? doubled : 0;
            doubled = doubled << 1 ^ ((doubled & 0x80) == 0 ? 0 : 0x11b);
        }
        return result;
    }

    private List<List<Finding>> search(String engine, String work) throws Exception {
        Random random = Seed.random("residue of " + work);
        do {
            random.nextBytes(key);
        } while (!canBeToldApart());
        Path file = Files.write(directory.resolve("key"), key);
        List<String> command = ChildJvm.onTestClassPath(SecretKeyResidueProgram.class)
                .withNativeAccess()
                .options("-Xmx64m")
                .arguments(engine, work, Integer.toString(Effort.of("tests.messages", 6_000, 60_000)), file.toString())
                .command();
        try (RunningChild child = RunningChild.start(command, directory)) {
            child.awaitLine("STATE OPEN", LIMIT);
            List<Finding> open = found(child, map -> !map.isInaccessible());
            child.say("");
            child.awaitLine("STATE CLOSED", LIMIT);
            List<Finding> closed = found(child, map -> true);
            child.say("");
            assertThat(child.awaitExit()).as(child.output()).isZero();
            return List.of(open, closed);
        }
    }

    /** A search refuses a word of fewer different bytes, which is in memory by chance. */
    private boolean canBeToldApart() {
        return IntStream.range(0, key.length / 4)
                .allMatch(word -> IntStream.range(4 * word, 4 * word + 4)
                                .map(i -> key[i])
                                .distinct()
                                .count()
                        > 2);
    }

    private List<Finding> found(RunningChild child, Predicate<MemoryMapping> mappings) throws Exception {
        Map<String, byte[]> patterns = patterns();
        try (SecureMemory session = SecureMemory.create()) {
            Secret[] secrets = patterns.values().stream()
                    .map(session.secrets(Storage.SEALED)::create)
                    .toArray(Secret[]::new);
            ResidueSearch search = ResidueSearch.of(secrets)
                    .named(patterns.keySet().toArray(String[]::new))
                    .only(Place.GIVEN);
            ProcessImage.write(child.pid(), directory, mappings).forEach(search::alsoIn);
            ResidueReport report = search.run();
            assertThat(report.isProof()).as(report.toString()).isTrue();
            return report.findings();
        }
    }

    static Stream<String> works() {
        return Effort.cases(
                2, 1, List.of("AES_256_GCM", "HMAC", "CHACHA20_POLY1305", "HKDF", "XAES_256_GCM", "WRAP", "PBKDF2"));
    }

    static Stream<String> controls() {
        return Effort.cases(1, 1, List.of("AES_256_GCM", "CHACHA20_POLY1305", "HMAC"));
    }

    @ParameterizedTest
    @MethodSource("works")
    void libcryptoLeavesNothing(String work) throws Exception {
        List<List<Finding>> found = search("libcrypto", work);

        assertThat(found.get(0)).as("while the key is open").isEmpty();
        assertThat(found.get(1)).as("when it is closed").isEmpty();
    }

    /** The control: a search that finds nothing proves something only if it finds keys on the heap. */
    @ParameterizedTest
    @MethodSource("controls")
    void keysOfBouncyCastleAreFound(String work) throws Exception {
        assertThat(search("bouncycastle", work).get(1)).isNotEmpty();
    }
}
