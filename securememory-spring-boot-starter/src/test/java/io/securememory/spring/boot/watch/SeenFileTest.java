package io.securememory.spring.boot.watch;

import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.testsupport.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a file by looking at it. */
class SeenFileTest {

    @TempDir
    Path directory;

    /** The writer writes once more in each of its first breaks. */
    @Test
    void aFileThatIsWrittenInPlaceIsWaitedFor() throws IOException {
        Path file = write(directory, "key", "old");
        AtomicInteger pauses = new AtomicInteger();
        SeenFile seen = new SeenFile(() -> file, System::nanoTime, nanos -> {
            if (pauses.incrementAndGet() < 4) {
                append(file);
            }
        });
        seen.read(seen.stamp());
        seen.awaitQuiet();
        assertThat(pauses).as("nothing was written").hasValue(0);
        append(file);
        seen.awaitQuiet();
        assertThat(pauses).hasValue(4);

        seen.read(seen.stamp());
        Way.RENAMED.write(file, "new");
        seen.awaitQuiet();
        assertThat(pauses).as("a file that came whole is not waited for").hasValue(4);
    }

    @Test
    void aFileThatIsWrittenToWithoutEndIsNotWaitedForWithoutEnd() {
        Path file = write(directory, "key", "old");
        AtomicInteger pauses = new AtomicInteger();
        SeenFile seen = new SeenFile(() -> file, System::nanoTime, nanos -> {
            pauses.incrementAndGet();
            append(file);
        });
        seen.read(seen.stamp());
        append(file);
        seen.awaitQuiet();
        assertThat(pauses).hasValue(20);
    }

    private static void append(Path file) {
        try {
            Files.writeString(file, "more", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFileThatLooksAsBeforeIsReadAgainUntilTwoWritesMustHaveDifferentTimes() throws IOException {
        AtomicLong nanos = new AtomicLong();
        Path file = write(directory, "key", "old");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
        SeenFile seen = new SeenFile(() -> file, nanos::get, pause -> {});
        assertThat(seen.mayHaveChanged()).isTrue();
        seen.read(seen.stamp());
        nanos.set(1_900_000_000L);
        assertThat(seen.mayHaveChanged()).as("within a tick of a coarse clock").isTrue();
        seen.read(seen.stamp());
        nanos.set(60_000_000_000L);
        assertThat(seen.mayHaveChanged()).as("last read within it").isTrue();
        seen.read(seen.stamp());
        assertThat(seen.mayHaveChanged()).isFalse();
        Files.writeString(file, "new");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
        assertThat(seen.mayHaveChanged()).isTrue();
    }
}
