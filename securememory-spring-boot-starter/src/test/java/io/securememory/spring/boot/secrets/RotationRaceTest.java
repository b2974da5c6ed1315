package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.SecretView;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.spring.boot.watch.SecretWatch;
import io.securememory.spring.boot.watch.WatchAccess;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.ThreadsByName;
import io.securememory.testing.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * Rotations against readers and against the end of the context. Forbidden: a closed secret, bytes of two contents in
 * one access, a thread that outlives its context.
 */
@ExtendWith(OutputCaptureExtension.class)
class RotationRaceTest {

    private static final int ROTATIONS = Effort.of("rotations", 30, 300);

    /** A load gives up when the file has changed in each of five reads. */
    private static final long BETWEEN_WRITES_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final String WATCH = "what the watch brings";

    @TempDir
    Path directory;

    private final Workers threads = new Workers();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final ThreadsByName watches = ThreadsByName.startedFromNowOn(WatchAccess.THREAD_NAME);

    @AfterEach
    void end() {
        stop.set(true);
        threads.close();
    }

    private boolean goesOn() {
        return !stop.get() && !Thread.currentThread().isInterrupted();
    }

    /** Each content is one letter, as often as its place in the alphabet says: what is mixed or torn is seen. */
    private static String content(int version) {
        int letter = version % 26;
        return String.valueOf((char) ('a' + letter)).repeat(letter + 1);
    }

    private void replace(int version) throws IOException {
        Files.move(
                write(directory, "next", content(version)), directory.resolve("key"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void requireWhole(int length, IntStream bytes) {
        List<Integer> different = bytes.distinct().boxed().toList();
        assertThat(different).hasSize(1);
        assertThat(length).isEqualTo(different.get(0) - 'a' + 1);
    }

    private static Integer read(Secret secret, HmacSha256 hmac) {
        secret.useBytes((SecretView view) ->
                requireWhole(view.length(), IntStream.range(0, view.length()).map(view::get)));
        secret.withHeapBytes(bytes -> {
            requireWhole(bytes.length, IntStream.range(0, bytes.length).map(i -> bytes[i]));
            return bytes;
        });
        String text = text(secret);
        requireWhole(text.length(), text.chars());
        assertThat(hmac.sign(new byte[1])).hasSize(HmacSha256.LENGTH);
        assertThat(secret.contentEquals(secret)).isTrue();
        assertThat(secret.isClosed()).isFalse();
        try (Secret copy = secret.copy()) {
            copy.useBytes((SecretView view) -> requireWhole(
                    view.length(), IntStream.range(0, view.length()).map(view::get)));
        }
        return 1;
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void readersSeeOneContentWholeAndNeverAClosedSecret(Storage storage) {
        write(directory, "key", content(0));
        Starter.runner()
                .withPropertyValues(
                        Starter.KEEPS_DROPPED_SECRETS,
                        location("key", directory.resolve("key")),
                        "securememory.secrets.key.reload-interval=100ms",
                        "securememory.storage=" + storage)
                .run(context -> {
                    rotateWhileReading(context.getBean(Secret.class), context.getBean(SecretStore.class));
                    awaitLiveSecrets(context, 1);
                });
    }

    private void rotateWhileReading(Secret secret, SecretStore store) throws Exception {
        HmacSha256 hmac = new HmacSha256(secret);
        AtomicInteger reads = new AtomicInteger();
        List<Future<?>> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            readers.add(threads.submit(() -> {
                while (goesOn()) {
                    reads.addAndGet(read(secret, hmac));
                }
                return null;
            }));
        }
        for (int version = 1; version <= ROTATIONS; version++) {
            int before = reads.get();
            replace(version);
            store.reload("key"); // races with the watch
            Await.until("a read", () -> reads.get() > before || readers.stream().anyMatch(Future::isDone));
        }
        stop.set(true);
        for (Future<?> reader : readers) {
            Await.result(reader);
        }
        assertThat(text(secret)).isEqualTo(content(ROTATIONS));
    }

    @Test
    void aReaderThatStaysInTheOldContentHoldsNothingUpForLongerThanTheCloseTimeout(CapturedOutput output) {
        write(directory, "other", "one");
        write(directory, "key", content(0));
        Starter.runner()
                .withPropertyValues(
                        Starter.KEEPS_DROPPED_SECRETS,
                        location("key", directory.resolve("key")),
                        location("other", directory.resolve("other")),
                        "securememory.secrets.key.reload-interval=100ms",
                        "securememory.secrets.other.reload-interval=100ms",
                        "securememory.close-timeout=300ms")
                .run(context -> {
                    Secret secret = context.getBean("key", Secret.class);
                    CountDownLatch inside = new CountDownLatch(1);
                    CountDownLatch leave = new CountDownLatch(1);
                    Future<String> reader = threads.submit(() -> secret.<String, Exception>withBytes(view -> {
                        inside.countDown();
                        leave.await();
                        return String.valueOf((char) view.get(0));
                    }));
                    Await.until("the reader inside", () -> inside.getCount() == 0 || reader.isDone());

                    replace(1);
                    Await.until(WATCH, () -> text(secret).equals(content(1)));
                    write(directory, "other", "two");
                    Await.until(
                            WATCH,
                            () -> text(context.getBean("other", Secret.class)).equals("two"));
                    awaitLiveSecrets(context, 3);
                    Await.until(
                            "the end of the close timeout",
                            () -> output.getAll().contains("The old content of the secret 'key' is still being read"));

                    leave.countDown();
                    assertThat(Await.result(reader)).isEqualTo("a");
                    awaitLiveSecrets(context, 2);
                });
        assertThat(output).containsOnlyOnce("The old content of the secret 'key' is still being read");
    }

    @Test
    void aContextThatClosesWhileFilesChangeLeavesNeitherThreadNorSecretNorFailure(CapturedOutput output)
            throws Exception {
        replace(0);
        Future<?> writer = threads.submit(() -> {
            for (int version = 1; goesOn(); version++) {
                replace(version);
                LockSupport.parkNanos(BETWEEN_WRITES_NANOS);
            }
            return null;
        });
        for (int i = 0; i < 5; i++) {
            try (ConfigurableApplicationContext context = start()) {
                SecureMemory session = context.getBean(SecureMemory.class);
                CountDownLatch rotated = new CountDownLatch(1);
                context.getBean(SecretStore.class).addListener(name -> rotated.countDown());
                assertThat(watches.alive()).isNotEmpty().allMatch(Thread::isDaemon);
                Await.open("a rotation", rotated);

                context.close();

                assertThat(watches.alive()).isEmpty();
                assertThat(session.status().liveSecrets()).isZero();
                assertThat(session.status().liveBuffers()).isZero();
            }
        }
        stop.set(true);
        Await.result(writer);
        for (Class<?> logger : List.of(SecretRotation.class, RotationAnnouncer.class, SecretWatch.class)) {
            assertThat(Starter.logged(output, "ERROR", logger)).isEmpty();
        }
        assertThat(Starter.logged(output, "does not end", SecretWatch.class)).isEmpty();
    }

    @Test
    void aListenerMayCloseTheContext() throws Exception {
        replace(0);
        try (ConfigurableApplicationContext context = start("--securememory.close-timeout=100s")) {
            CountDownLatch closed = new CountDownLatch(1);
            context.getBean(SecretStore.class).addListener(name -> {
                context.close();
                closed.countDown();
            });
            replace(1);
            Await.open("the end of the context", closed);
            watches.awaitEnd();
        }
    }

    @Test
    void thereIsNoThreadWithoutAnInterval() {
        Starter.runner()
                .withPropertyValues(location("key", write(directory, "key", "x")))
                .run(context -> {
                    assertThat(context.getBean(SecretWatch.class).isRunning()).isFalse();
                    assertThat(watches.alive()).isEmpty();
                });
    }

    @Test
    void theWatchStopsAndStartsWithTheLifecycleOfTheContext() throws Exception {
        replace(0);
        try (ConfigurableApplicationContext context = start()) {
            context.stop();
            assertThat(watches.alive()).isEmpty();
            replace(1);
            context.start();
            Await.until(WATCH, () -> text(context.getBean(Secret.class)).equals(content(1)));
        }
    }

    /** A look at a file that has just changed has a secret of its own for a moment. */
    private static void awaitLiveSecrets(ApplicationContext context, long count) {
        Await.until(WATCH, () -> context.getBean(SecureMemory.class).status().liveSecrets() == count);
    }

    private ConfigurableApplicationContext start(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--" + location("key", directory.resolve("key")));
        all.add("--securememory.secrets.key.reload-interval=100ms");
        return new SpringApplicationBuilder(Empty.class)
                .web(WebApplicationType.NONE)
                .run(all.toArray(String[]::new));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    static class Empty {}
}
