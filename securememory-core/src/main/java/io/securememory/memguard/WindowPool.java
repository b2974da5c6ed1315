package io.securememory.memguard;

import io.securememory.SecretClosedException;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Private copies of secrets for {@code asByteBuffer()} on Javas whose buffers cannot be ended, 17 to 21.
 *
 * <p>A copy lies in a guarded, locked window. When its access ends it is wiped and unlocked, but stays mapped for as
 * long as the garbage collector finds the lent buffer, or any slice of it, reachable: whoever kept it reads zeros. The
 * number of pages in that state is bounded; at the bound the collector is asked to run.
 */
final class WindowPool {

    /** Most pages that are lent, or wiped and not yet collected. */
    private static final int MAX_PAGES = 4096;

    private static final int COLLECTIONS = 5;
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final GuardedMemory owner;
    private final Semaphore free = new Semaphore(MAX_PAGES);
    private final Set<Window> lent = ConcurrentHashMap.newKeySet();

    WindowPool(GuardedMemory owner) {
        this.owner = owner;
    }

    /**
     * Copies a part of the data, which must be accessible, to a window of its own.
     *
     * @throws SecretClosedException if a purge has wiped the data
     */
    ScopedBuffer lend(GuardedRegion region, int from, int length) {
        RegionMemory source = region.memory();
        int pages = Math.min(MAX_PAGES, 1 + length / owner.memCall().pageSize());
        acquire(pages);
        RegionMemory memory;
        try {
            memory = RegionMemory.allocate(owner, length);
        } catch (RuntimeException | Error e) {
            free.release(pages);
            throw e;
        }
        ByteBuffer root = memory.pages().newRoot();
        LeakWatch.cleaner().register(root, freeing(memory, free, pages));
        Window window = new Window(region, memory, memory.dataOf(root).asReadOnlyBuffer());
        lent.add(window);
        memory.copyIn(0, source, from, length);
        if (region.isWiped()) {
            window.close();
            throw new SecretClosedException("The secret was purged while it was being used.");
        }
        return window;
    }

    private static Runnable freeing(RegionMemory memory, Semaphore free, int pages) {
        return () -> {
            memory.freeRetired();
            free.release(pages);
        };
    }

    /** Wipes the copies of purged regions; their readers see zeros from now on. */
    void wipePurged() {
        lent.forEach(Window::wipeIfPurged);
    }

    private void acquire(int pages) {
        for (int i = 0; !free.tryAcquire(pages); i++) {
            if (i == COLLECTIONS) {
                throw new IllegalStateException(
                        "byte buffers of secrets with " + MAX_PAGES + " pages in all have not been"
                                + " collected since their access: do not keep what asByteBuffer() returns, and let the virtual"
                                + " machine collect on request (no -XX:+DisableExplicitGC). Or use get and copyTo.");
            }
            System.gc();
            Deadline deadline = Deadline.after(WAIT);
            if (deadline.acquire(free, pages)) {
                return;
            }
        }
    }

    /** One copy in use. */
    private final class Window implements ScopedBuffer {
        private final GuardedRegion region;
        private final RegionMemory memory;

        /** Dropped at the end, so that only the user can keep it alive. */
        private @Nullable ByteBuffer buffer;

        Window(GuardedRegion region, RegionMemory memory, ByteBuffer buffer) {
            this.region = region;
            this.memory = memory;
            this.buffer = buffer;
        }

        @Override
        public ByteBuffer buffer() {
            ByteBuffer current = buffer;
            if (current == null) {
                throw new IllegalStateException("the view's action has ended");
            }
            return current;
        }

        synchronized void wipeIfPurged() {
            if (buffer != null && region.isWiped()) {
                memory.wipeData();
            }
        }

        @Override
        public synchronized void close() {
            if (buffer == null) {
                return;
            }
            lent.remove(this);
            Failures failures = new Failures();
            try {
                memory.retire(failures);
            } finally {
                buffer = null;
            }
            failures.throwFirst();
        }
    }
}
