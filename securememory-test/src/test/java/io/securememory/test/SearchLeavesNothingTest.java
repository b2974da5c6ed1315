package io.securememory.test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Needs;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.ProcessImage;
import io.securememory.testing.RunningChild;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After a search, also after one that failed, neither the process nor its directory has a copy that the search
 * made.
 */
@OnceInShortForm
class SearchLeavesNothingTest {

    private static final int LENGTH = 32;

    @TempDir
    private Path directory;

    private final byte[] secret = new byte[LENGTH];

    SearchLeavesNothingTest() {
        new SecureRandom().nextBytes(secret);
        secret[0] = (byte) 0xF8;
    }

    /** Parts of all forms, so that what was overwritten in part is found, too. */
    private Map<String, byte[]> patterns() {
        Map<String, byte[]> patterns = new TreeMap<>();
        String hex = HexFormat.of().formatHex(secret);
        for (int from = 0; from + 8 <= LENGTH; from += 8) {
            String text = new String(secret, from, 8, ISO_8859_1);
            byte[] part = text.getBytes(ISO_8859_1);
            patterns.put("bytes " + from, part);
            patterns.put("UTF-16 " + from, text.getBytes(UTF_16LE));
            patterns.put("reversed " + from, reversed(part));
            patterns.put("hex " + from, hex.substring(2 * from, 2 * from + 16).getBytes(ISO_8859_1));
            patterns.put(
                    "wide hex " + from, hex.substring(2 * from, 2 * from + 16).getBytes(UTF_16LE));
        }
        String base64 = Base64.getEncoder().encodeToString(secret);
        patterns.put("Base64", base64.substring(4, 20).getBytes(ISO_8859_1));
        patterns.put("wide Base64", base64.substring(4, 20).getBytes(UTF_16LE));
        return patterns;
    }

    private static byte[] reversed(byte[] part) {
        byte[] reversed = new byte[part.length];
        for (int i = 0; i < part.length; i++) {
            reversed[i] = part[part.length - 1 - i];
        }
        return reversed;
    }

    private String inverted() {
        byte[] inverted = secret.clone();
        for (int i = 0; i < LENGTH; i++) {
            inverted[i] = (byte) ~inverted[i];
        }
        return HexFormat.of().formatHex(inverted);
    }

    /** Runs the program, and returns what it said after nothing was found in it. */
    private String assertNothingIsLeft(String what, ChildJvm child) throws IOException {
        try (RunningChild running = start(what, child)) {
            assertThat(found(running)).isEmpty();
            assertThat(running.output()).contains("dumps: []");
            running.say("");
            assertThat(running.awaitExit()).isZero();
            return running.output();
        }
    }

    private RunningChild start(String what, ChildJvm child) {
        ChildJvm whole = child.options("-XX:+UseSerialGC", "-Xmx256m", "-Xmn100m", "-Djava.io.tmpdir=" + directory)
                .options("-XX:TieredStopAtLevel=1")
                .withNativeAccess()
                .arguments(what, inverted());
        return RunningChild.start(whole.command(), directory);
    }

    private SortedSet<String> found(RunningChild running) throws IOException {
        running.awaitLine("wiped");
        ByteSearch search = new ByteSearch(patterns());
        SortedSet<String> found = new TreeSet<>();
        for (Path file : ProcessImage.write(running.pid(), directory, mapping -> true)) {
            search.foundIn(file).forEach(name -> found.add(name + " in " + file.getFileName()));
        }
        return found;
    }

    private static ChildJvm child() {
        return ChildJvm.onTestClassPath(SearchLeavesNothing.class);
    }

    @Test
    void whatIsNotWipedIsFound() throws IOException {
        try (RunningChild running = start("kept", child())) {
            assertThat(found(running))
                    .anyMatch(place -> place.startsWith("bytes"))
                    .anyMatch(place -> place.startsWith("UTF-16"))
                    .anyMatch(place -> place.startsWith("hex"));
        }
    }

    @Test
    void afterASearchThatFoundAll() throws IOException {
        assertThat(assertNothingIsLeft("whole", child()))
                .contains("live copy as byte[]: static io.securememory.test.SearchLeavesNothing.BYTES")
                .contains("live copy as char[]: static io.securememory.test.SearchLeavesNothing.CHARACTERS")
                .contains("hexadecimal in byte[]: static io.securememory.test.SearchLeavesNothing.DIGITS")
                .contains("1 copy as bytes in native memory");
    }

    /** A heap dump has each secret, so the search must not copy the others either. */
    @Test
    void afterASearchForAnotherSecret() throws IOException {
        assertThat(assertNothingIsLeft("other", child())).contains("secret: no copies");
    }

    /** No file may be longer, as on a disk that is full. */
    @Test
    void afterADumpThatDidNotFitOnTheDisk() throws IOException {
        String[] limited = {"prlimit", "--fsize=4000000"};
        Needs.launcher(limited);

        assertThat(assertNothingIsLeft("full", child().startedBy(limited)))
                .contains("Not searched: the heap: its dump could not be written")
                .contains("1 copy as bytes in native memory");
    }

    @Test
    void afterAPurge() throws IOException {
        assertThat(assertNothingIsLeft("purge", child())).contains("failed: io.securememory.SecretClosedException");
    }

    @Test
    void afterAFileThatIsMissing() throws IOException {
        assertThat(assertNothingIsLeft("missing", child())).contains("failed: java.io.UncheckedIOException");
    }
}
