package io.securememory.test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.securememory.MemoryLimitException;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import java.lang.ref.Reference;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A program that searches where that is not easy, and prints the report. */
final class Attacks {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int COPIES = 10_000;

    /** So the collector works often, and the processors have time for the searches. */
    private static final long PAUSE_NANOS = 20_000;

    private static final List<Object> LEAKS = new ArrayList<>();
    private static volatile Object garbage = "";

    private Attacks() {}

    public static void main(String[] arguments) throws Exception {
        try (SecureMemory memory = SecureMemory.create()) {
            switch (arguments[0]) {
                case "leak" -> print(leaking(memory));
                case "copies" -> {
                    byte[] bytes = random();
                    Secret secret = memory.secrets().create(bytes.clone());
                    for (int i = 0; i < COPIES; i++) {
                        LEAKS.add(bytes.clone());
                    }
                    print(ResidueSearch.of(secret));
                }
                case "literal" -> {
                    Secret secret = memory.secrets().create("a-text-in-this-class-that-is-no-secret".toCharArray());
                    ResidueSearch again = ResidueSearch.of(secret).withoutLiterals();
                    print(ResidueSearch.of(secret));
                    System.out.println("without literals: " + again.run().findings());
                }
                case "time" -> {
                    Secret secret = memory.secrets().create(random());
                    print(ResidueSearch.of(secret).within(Duration.ofMillis(Long.parseLong(arguments[1]))));
                }
                case "busy" -> busy(memory);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        } catch (MemoryLimitException e) {
            System.out.println("refused: " + e.getMessage());
        }
        Reference.reachabilityFence(LEAKS);
        System.out.println("end");
    }

    private static byte[] random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static ResidueSearch leaking(SecureMemory memory) {
        byte[] bytes = random();
        LEAKS.add(new String(bytes, ISO_8859_1));
        return ResidueSearch.of(memory.secrets().create(bytes));
    }

    private static void print(ResidueSearch search) {
        System.out.println(search.onProgress(line -> {}).run());
    }

    /** Several searches at once while other threads make garbage. */
    private static void busy(SecureMemory memory) throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> searches = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                threads.submit(() -> {
                    while (!end.get()) {
                        garbage = new byte[10_000];
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                });
                ResidueSearch search = leaking(memory);
                searches.add(threads.submit(() -> print(search)));
            }
            for (Future<?> search : searches) {
                search.get();
            }
        } finally {
            end.set(true);
            threads.shutdown();
        }
    }
}
