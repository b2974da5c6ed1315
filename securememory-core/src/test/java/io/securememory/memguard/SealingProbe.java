package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.Await;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Looks at what sealing hides, for tests. */
final class SealingProbe {

    private SealingProbe() {}

    /** The sealed bytes themselves, not a copy. */
    static byte[] sealed(Enclave enclave) {
        return (byte[]) field(enclave, "sealed");
    }

    /** The windows of a guard that has sealed already. */
    static SealingWindows windows(MemGuard guard) {
        return (SealingWindows) part(guard, "windows");
    }

    static Coffer coffer(MemGuard guard) {
        return (Coffer) part(guard, "coffer");
    }

    @SuppressWarnings("unchecked")
    static Set<SealingWindow> all(MemGuard guard) {
        return (Set<SealingWindow>) field(windows(guard), "windows");
    }

    /** How many threads wait for a window. */
    static int waiting(MemGuard guard) {
        return ((AtomicInteger) field(field(windows(guard), "returns"), "waiting")).get();
    }

    /** Returns when so many threads wait for a window. Fails if one of those that should has ended instead. */
    static void awaitWaiting(MemGuard guard, int threads, Collection<? extends Future<?>> who) {
        Await.until(threads + " threads to wait for a window", () -> {
            if (waiting(guard) >= threads) {
                return true;
            }
            for (Future<?> each : who) {
                if (each.isDone()) {
                    throw new AssertionError("ended without waiting for a window: " + Await.result(each));
                }
            }
            return false;
        });
    }

    /** How many threads rest until a window comes back: those that wait and do not try again meanwhile. */
    static int resting(MemGuard guard) {
        Object returns = field(windows(guard), "returns");
        ReentrantLock lock = (ReentrantLock) field(returns, "lock");
        lock.lock();
        try {
            return lock.getWaitQueueLength((Condition) field(returns, "changed"));
        } finally {
            lock.unlock();
        }
    }

    /** The thread that rekeys for a guard, which there need not be. */
    static Optional<Thread> rekeying(MemGuard guard) {
        Object rekeyer = field(field(field(guard, "vault"), "shared"), "rekeyer");
        synchronized (rekeyer) {
            return Optional.ofNullable((Thread) field(rekeyer, "thread"));
        }
    }

    static void assertWindowsAreIdleAndHoldZeros(MemGuard guard) {
        for (SealingWindow window : all(guard)) {
            assertThat(window.isBusy()).isFalse();
            assertHoldsZeros(window);
        }
    }

    static void assertHoldsZeros(SealingWindow window) {
        RegionData memory = window.region().memory();
        for (int i = 0; i < memory.size(); i++) {
            if (memory.get(i) != 0) {
                throw new AssertionError("byte " + i + " of " + memory.size() + " of a window is not zero");
            }
        }
    }

    static ReentrantLock lockOf(SealingWindow window) {
        return (ReentrantLock) field(window.region(), "lock");
    }

    static ReentrantLock lockOf(LockedBuffer buffer) {
        return (ReentrantLock) field(field(buffer, "region"), "lock");
    }

    /** Whether a thread waits until others have left a buffer, or for its lock. */
    static boolean hasWaiters(LockedBuffer buffer) {
        ReentrantLock lock = lockOf(buffer);
        if (lock.hasQueuedThreads()) {
            return true;
        }
        lock.lock();
        try {
            return lock.hasWaiters((Condition) field(field(buffer, "region"), "changed"));
        } finally {
            lock.unlock();
        }
    }

    static byte[] half(Coffer coffer, String name) {
        byte[] half = new byte[Coffer.KEY_SIZE];
        ((RegionData) field(coffer, name)).copyOut(0, half, 0, half.length);
        return half;
    }

    private static Object part(MemGuard guard, String name) {
        try {
            Object opened = field(field(guard, "vault"), "opened");
            Method accessor = opened.getClass().getDeclaredMethod(name);
            accessor.setAccessible(true);
            return accessor.invoke(opened);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object field(Object owner, String name) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
