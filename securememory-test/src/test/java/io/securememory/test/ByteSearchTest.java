package io.securememory.test;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnEverySystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search that finds nothing proves something only if it would have found it. */
@OnEverySystem
class ByteSearchTest {

    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, MEGABYTE - 16, MEGABYTE - 15, MEGABYTE - 1, MEGABYTE, 2 * MEGABYTE - 7, 3 * MEGABYTE - 16})
    void findsAPatternAtEveryPlaceOfAFileAlsoAcrossChunks(int offset) throws IOException {
        byte[] content = new byte[3 * MEGABYTE];
        byte[] pattern = "0123456789abcdef".getBytes(US_ASCII);
        System.arraycopy(pattern, 0, content, offset, pattern.length);

        assertThat(search(Map.of("there", pattern, "not there", "0123456789abcdeg".getBytes(US_ASCII)), content))
                .containsExactly("there");
    }

    @Test
    void findsNeitherAHalfPatternNorOneBehindTheEnd() throws IOException {
        byte[] pattern = "0123456789abcdef".getBytes(US_ASCII);

        assertThat(search(Map.of("half", pattern), Arrays.copyOf(pattern, 15))).isEmpty();
        assertThat(search(Map.of("half", pattern), new byte[0])).isEmpty();
    }

    private Iterable<String> search(Map<String, byte[]> patterns, byte[] content) throws IOException {
        return new ByteSearch(patterns).foundIn(Files.write(directory.resolve("content"), content));
    }
}
