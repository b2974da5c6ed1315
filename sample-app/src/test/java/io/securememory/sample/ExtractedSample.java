package io.securememory.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.Await;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.springframework.util.FileSystemUtils;

/**
 * The packaged sample, taken apart as Spring Boot recommends it for containers, with an archive of its classes: it starts in
 * half the time. It is made once for each Java and each build, for all virtual machines of tests.
 */
final class ExtractedSample {

    private static final Path FOLDER =
            Path.of("target", "extracted-" + Runtime.version().feature()).toAbsolutePath();
    private static final Path APPLICATION = FOLDER.resolve("application");
    private static final Path ARCHIVE = FOLDER.resolve("classes.jsa");

    /** Is written last: tells which jar it was made of, by which Java. */
    private static final Path MADE_OF = FOLDER.resolve("made-of.txt");

    /** What making it may take: two children. */
    private static final Duration LIMIT = Await.LIMIT.multipliedBy(2);

    private ExtractedSample() {}

    /** The folder with its jar, whose manifest names all libraries. */
    static Path application() {
        make();
        return APPLICATION;
    }

    /** Options that start it. */
    static String[] launcher() {
        make();
        return new String[] {"-XX:SharedArchiveFile=" + ARCHIVE, "-jar", jar().toString()};
    }

    private static Path jar() {
        return APPLICATION.resolve("sample-app.jar");
    }

    private static synchronized void make() {
        try {
            Files.createDirectories(FOLDER);
            try (FileChannel channel = FileChannel.open(
                            FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = Await.value(
                            "the extracted sample, which another virtual machine makes",
                            LIMIT,
                            () -> Optional.ofNullable(channel.tryLock()))) {
                assertThat(lock.isValid()).isTrue();
                String source = source();
                if (!Files.exists(MADE_OF) || !Files.readString(MADE_OF).equals(source)) {
                    Files.deleteIfExists(MADE_OF);
                    Files.deleteIfExists(ARCHIVE);
                    FileSystemUtils.deleteRecursively(APPLICATION);
                    extract();
                    archive();
                    Files.writeString(MADE_OF, source);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String source() throws IOException {
        Path jar = Path.of(SampleCommand.jar());
        return jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar) + " " + Runtime.version();
    }

    private static void extract() {
        run(ChildJvm.of("-Djarmode=tools", "-jar", SampleCommand.jar(), "extract", "--destination", APPLICATION + ""));
    }

    /** Starts it up to the point where it would take requests, and notes all classes. */
    private static void archive() throws IOException {
        Path key = TestKey.random().writeTo(FOLDER.resolve("key"));
        run(ChildJvm.of("-jar", jar().toString(), "--server.port=0")
                .options("-XX:ArchiveClassesAtExit=" + ARCHIVE, "-Dspring.context.exit=onRefresh")
                .environment("WEBHOOK_KEY_FILE", key.toString()));
        Files.delete(key);
    }

    private static void run(ChildJvm child) {
        Result result = child.quickStart().run();
        assertThat(result.exitCode()).as(result.output()).isZero();
    }
}
