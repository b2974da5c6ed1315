package io.securememory;

import io.securememory.memcall.NativeAccess;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockedBuffer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Threads that create, read (also nested, through buffers, and after escape), copy, mutate, freeze, close, purge, leak and
 * collect, on secrets that they share. A secret of length n holds n times the byte n: whatever is read must be that.
 */
final class StressProgram {

    private static final int THREADS = 8;
    private static final int SHARED = 64;
    private static final int MAX_LENGTH = 100;

    private final SecureMemory session;
    private final AtomicReferenceArray<Secret> secrets = new AtomicReferenceArray<>(SHARED);
    private final AtomicReferenceArray<LockedBuffer> buffers = new AtomicReferenceArray<>(SHARED);
    private final AtomicReferenceArray<ByteBuffer> escaped = new AtomicReferenceArray<>(SHARED);
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();

    private StressProgram(NativeAccess access) {
        session = SecureMemory.create(SecureMemoryOptions.builder()
                .nativeAccess(access)
                .leakDetection(LeakDetection.SAMPLED)
                .closeTimeout(Duration.ofSeconds(5))
                .poolMaxIdle(8)
                .build());
    }

    public static void main(String[] arguments) throws Exception {
        long seed = Long.getLong("seed");
        long end =
                System.nanoTime() + Duration.ofSeconds(Long.getLong("seconds")).toNanos();
        StressProgram program = new StressProgram(NativeAccess.valueOf(System.getProperty("access")));
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed + i);
            running.add(pool.submit((Callable<Void>) () -> {
                while (System.nanoTime() < end) {
                    program.step(random);
                }
                return null;
            }));
        }
        for (Future<?> each : running) {
            each.get();
        }
        pool.shutdown();
        program.session.close();
        SecureMemoryStatus status = program.session.status();
        if (status.liveSecrets() + status.liveBuffers() != 0 || status.lockedBytes() != 0) {
            throw new AssertionError("left behind: " + status);
        }
        System.out.println(
                "seed " + seed + ": " + program.reads + " reads, " + program.refusals + " refusals, " + status);
        System.out.println("completed without a wrong byte");
    }

    private void step(Random random) {
        int slot = random.nextInt(SHARED);
        try {
            switch (random.nextInt(16)) {
                case 0, 1 -> replace(slot, secret(1 + random.nextInt(MAX_LENGTH)));
                case 2 -> replaceBuffer(slot, 1 + random.nextInt(MAX_LENGTH));
                case 3 -> closeSecret(slot);
                case 4 -> copy(slot);
                case 5 -> closeInside(slot);
                case 6 -> lend(slot);
                case 7 -> touchEscaped(slot);
                case 8, 9 -> mutate(slot, random);
                case 10 -> secret(1 + random.nextInt(MAX_LENGTH)); // leaks
                case 11 -> rarely(random);
                default -> readNested(slot, random.nextInt(SHARED));
            }
        } catch (SecretClosedException | CloseTimeoutException | MemoryLimitException e) {
            refusals.incrementAndGet();
        }
    }

    private void rarely(Random random) {
        switch (random.nextInt(400)) {
            case 0 -> session.purge(Duration.ofMillis(random.nextInt(20)));
            case 1 -> System.gc();
            default -> Thread.yield();
        }
    }

    private Secret secret(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) length);
        return session.secrets().create(bytes);
    }

    private void replace(int slot, Secret secret) {
        Secret old = secrets.getAndSet(slot, secret);
        if (old != null && old.length() % 2 == 0) {
            old.close(); // the others leak
        }
    }

    private void closeSecret(int slot) {
        Secret secret = secrets.get(slot);
        if (secret != null) {
            secret.close();
        }
    }

    private void copy(int slot) {
        Secret secret = secrets.get(slot);
        if (secret != null) {
            replace(slot, secret.copy());
        }
    }

    private void closeInside(int slot) {
        Secret secret = secrets.get(slot);
        if (secret != null) {
            secret.useBytes(view -> {
                secret.close();
                check(view);
            });
        }
    }

    private void readNested(int slot, int other) {
        Secret outer = secrets.get(slot);
        Secret inner = secrets.get(other);
        if (outer == null || inner == null) {
            return;
        }
        outer.useBytes(first -> {
            inner.useBytes(this::check);
            outer.useBytes(this::check);
            check(first);
        });
    }

    /** A purge may wipe what is being read; the access then ends with the typed exception, whatever was read. */
    private void check(SecretView view) {
        int length = view.length();
        for (int i = 0; i < length; i++) {
            byte read = view.get(i);
            if (read != length && read != 0) {
                throw new AssertionError("read " + read + " in a secret of " + length);
            }
        }
        reads.incrementAndGet();
    }

    private void lend(int slot) {
        Secret secret = secrets.get(slot);
        if (secret != null) {
            secret.useBytes(view -> escaped.set(slot, view.asByteBuffer()));
        }
    }

    private void touchEscaped(int slot) {
        ByteBuffer buffer = escaped.get(slot);
        if (buffer == null) {
            return;
        }
        try {
            // In use by another thread, or zeros for ever.
            int read = buffer.get(0);
            if (read != 0 && read != buffer.limit()) {
                throw new AssertionError("an escaped buffer shows " + read);
            }
        } catch (IllegalStateException e) {
            refusals.incrementAndGet();
        } catch (RuntimeException e) {
            if (!e.getClass().getSimpleName().equals("WrongThreadException")) {
                throw e;
            }
            refusals.incrementAndGet();
        }
    }

    private void replaceBuffer(int slot, int size) {
        LockedBuffer old = buffers.getAndSet(slot, session.memGuard().allocate(size));
        if (old != null) {
            old.close();
        }
    }

    /** Whoever is inside alone sees one value in all bytes. */
    private void mutate(int slot, Random random) {
        LockedBuffer buffer = buffers.get(slot);
        if (buffer == null) {
            return;
        }
        try {
            byte value = (byte) random.nextInt();
            buffer.mutate(view -> {
                for (int i = 0; i < view.length(); i++) {
                    view.put(i, value);
                }
                for (int i = 0; i < view.length(); i++) {
                    if (view.get(i) != value && view.get(i) != 0) {
                        throw new AssertionError("another writer was inside");
                    }
                }
            });
            if (random.nextInt(8) == 0) {
                buffer.freeze();
            }
        } catch (IllegalStateException e) {
            buffer.melt();
        }
    }
}
