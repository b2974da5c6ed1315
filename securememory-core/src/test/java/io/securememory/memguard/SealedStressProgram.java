package io.securememory.memguard;

import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import io.securememory.testing.Seed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The threads of {@link SealedStressIT}. The key is compared between purges only; everything else meets purges as they
 * come.
 */
final class SealedStressProgram {

    private static final int SIZES = 9_000;

    /** One thread's work, again and again. */
    @FunctionalInterface
    private interface Work {
        void once(Random random) throws Exception;
    }

    private final MemGuard guard = MemGuard.create(
            MemCalls.lookup(NativeAccess.valueOf(System.getProperty("access"))),
            MemGuardOptions.DEFAULTS.withEnclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ofMillis(1))));

    private final ReentrantReadWriteLock purging = new ReentrantReadWriteLock();
    private final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("seconds"));
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong views = new AtomicLong();

    private volatile Enclave shared = guard.seal(new byte[] {5, 5, 5});

    private SealedStressProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        new SealedStressProgram().run(Seed.of("sealed stress"));
    }

    private void run(long seed) throws InterruptedException {
        List<Work> works = List.of(
                this::sealAndOpen,
                this::sealAndOpen,
                this::sealAndOpen,
                this::sealAndOpen,
                this::readShared,
                this::readShared,
                this::stream,
                this::compareKeys,
                this::compareKeys,
                this::purge);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < works.size(); i++) {
            Work work = works.get(i);
            Random random = new Random(seed + i);
            Thread thread = new Thread(() -> repeat(work, random));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(
                "done: " + opened + " opened, " + refused + " refused, " + views + " keys compared, " + guard.status());
        guard.shutDown();
        if (guard.status().lockedBytes() != 0) {
            System.out.println("FAILED: " + guard.status());
        }
    }

    private void repeat(Work work, Random random) {
        while (System.nanoTime() < end) {
            try {
                work.once(random);
            } catch (SecretClosedException e) {
                refused.incrementAndGet();
            } catch (Throwable e) {
                System.out.println("FAILED: " + e);
                e.printStackTrace(System.out);
                return;
            }
        }
    }

    private void sealAndOpen(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? SIZES : 100)];
        byte mark = (byte) random.nextInt();
        java.util.Arrays.fill(bytes, mark);
        try (Enclave enclave = guard.seal(bytes)) {
            require(enclave.<Boolean, RuntimeException>withBytes(view -> view.get(0) == mark));
            try (LockedBuffer buffer = enclave.open()) {
                require(buffer.<Boolean, RuntimeException>withBytes(view -> view.get(view.length() - 1) == mark));
            }
            opened.addAndGet(2);
        }
    }

    private void readShared(Random random) {
        Enclave now = shared;
        require(now.<Boolean, RuntimeException>withBytes(view -> {
            boolean right = view.length() == 3 && view.get(1) == 5;
            return now.<Boolean, RuntimeException>withBytes(nested -> nested.get(2) == 5) && right;
        }));
        opened.addAndGet(2);
    }

    private void stream(Random random) {
        try (EnclaveStream stream = guard.newStream(64)) {
            ByteBuffer source = ByteBuffer.allocateDirect(200).putLong(3, 77);
            stream.write(source.clear());
            try (LockedBuffer all = stream.flush()) {
                require(all.<Boolean, RuntimeException>withBytes(view -> view.length() == 200 && view.get(10) == 77));
            }
        }
    }

    private void compareKeys(Random random) throws Exception {
        purging.readLock().lock();
        try {
            List<Needle> first = SessionKeys.of(guard, "key");
            for (int i = 0; i < 200; i++) {
                List<Needle> again = SessionKeys.of(guard, "key");
                for (int half = 0; half < first.size(); half++) {
                    for (int at = 0; at < Needle.SIZE; at++) {
                        require(first.get(half).byteAt(at) == again.get(half).byteAt(at));
                    }
                }
                views.incrementAndGet();
            }
        } finally {
            purging.readLock().unlock();
        }
    }

    private void purge(Random random) {
        purging.writeLock().lock();
        try {
            guard.purge(random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(100));
            shared = guard.seal(new byte[] {5, 5, 5});
        } finally {
            purging.writeLock().unlock();
        }
        Thread.onSpinWait();
    }

    /** Outside of every access: the result of an action that a purge meets never gets here. */
    private static void require(boolean condition) {
        if (!condition) {
            throw new AssertionError("wrong bytes");
        }
    }
}
