package io.securememory.sample;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnEverySystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search that finds nothing proves something only if it would have found it. */
@OnEverySystem
class KeySearchTest {

    @TempDir
    private Path directory;

    private final KeySearch search = new KeySearch();

    @AfterEach
    void close() {
        search.close();
    }

    private Set<String> found(byte[] content) throws IOException {
        return search.foundIn(List.of(Files.write(directory.resolve("content"), content)))
                .keySet();
    }

    /** As a hash reads its block on a processor of little-endian order. */
    private static byte[] wordsUnderMask(byte[] key, int mask) {
        byte[] words = new byte[key.length / 4 * 4];
        for (int i = 0; i < words.length; i++) {
            words[i / 4 * 4 + 3 - i % 4] = (byte) (key[i] ^ mask);
        }
        return words;
    }

    @Test
    void findsEachFormOfAText() throws IOException {
        TestKey key = TestKey.random();
        search.add("key", key);
        byte[] masked = key.bytes();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= 0x5c;
        }

        assertThat(found(key.bytes())).containsExactly("key");
        assertThat(found(Arrays.copyOfRange(key.bytes(), 20, 36))).containsExactly("key");
        assertThat(found(key.text().getBytes(UTF_16LE))).containsExactly("key");
        assertThat(found(masked)).containsExactly("key under mask 5c");
        assertThat(found(wordsUnderMask(key.bytes(), 0))).containsExactly("key");
        assertThat(found(wordsUnderMask(key.bytes(), 0x36))).containsExactly("key under mask 36");
        assertThat(found(TestKey.random().bytes())).isEmpty();
    }

    @Test
    void findsTheHashOfAKeyThatIsLongerThanABlock() throws IOException {
        TestKey key = TestKey.random(65);
        TestKey other = TestKey.random(64);
        search.add("key", key).add("other", other);

        assertThat(found(Arrays.copyOf(key.hash(), 16))).containsExactly("key, hashed");
        assertThat(found(Arrays.copyOfRange(key.hash(), 16, 32))).containsExactly("key, hashed");
        assertThat(found(other.hash())).isEmpty();
    }

    @Test
    void findsWhatTextCanShowOfBytes() throws IOException {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        search.add("key", key);

        assertThat(found(HexFormat.of().formatHex(key).getBytes(US_ASCII))).containsExactly("key");
        assertThat(found(Arrays.toString(key).getBytes(US_ASCII))).containsExactly("key as numbers with spaces");
        assertThat(found(Arrays.toString(key).replace(" ", "").getBytes(US_ASCII)))
                .containsExactly("key as numbers");
        assertThat(found(new String(key, ISO_8859_1).getBytes(UTF_8))).contains("key as characters in UTF-8");
    }
}
