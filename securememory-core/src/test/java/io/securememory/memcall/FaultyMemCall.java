package io.securememory.memcall;

import io.securememory.MemoryCallException;
import io.securememory.memcall.internal.RawMemory;
import io.securememory.testing.FaultLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The operating system with faults: the calls whose number is chosen fail without being made. Keeps account of mappings
 * and refuses to see a page freed that is not all zeros.
 *
 * <p>Threads may call at once. Who counts calls sees to it that no other thread makes any: no rekeying, no leak detection.
 */
public class FaultyMemCall implements MemCall, FaultLoop.Faults {

    private final MemCall real;
    private final Set<MemoryRegion> mapped = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable AssertionError> wronglyFreed = new AtomicReference<>();

    /** Guarded by this, as the predicate. */
    private final List<String> calls = new ArrayList<>();

    private IntPredicate fails = call -> false;

    public FaultyMemCall(MemCall real) {
        this.real = real;
    }

    @Override
    public synchronized void failWhere(IntPredicate chosen) {
        calls.clear();
        fails = chosen;
    }

    /** Every call of this name fails. */
    public synchronized void failEvery(String name) {
        failWhere(call -> calls.get(call).equals(name));
    }

    /** For example {@code protect(READ_ONLY)}. */
    @Override
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /**
     * Number of regions that are mapped now. Fails if one was freed that was not all zeros: what threw then was the
     * library's to catch.
     */
    public int mapped() {
        @Nullable AssertionError wrong = wronglyFreed.get();
        if (wrong != null) {
            throw new AssertionError("freed before", wrong);
        }
        return mapped.size();
    }

    private synchronized void enter(String call) {
        int number = calls.size();
        calls.add(call);
        if (fails.test(number)) {
            throw new MemoryCallException(call, 5, "EIO", "Injected at call " + number + ".");
        }
    }

    @Override
    public MemoryRegion allocate(long size) {
        enter("allocate");
        MemoryRegion region = real.allocate(size);
        mapped.add(region);
        return region;
    }

    @Override
    public void free(MemoryRegion region) {
        enter("free");
        real.protect(region, Protection.READ_ONLY);
        requireZeros(((RawMemory) region).newBuffer());
        real.free(region);
        if (!mapped.remove(region)) {
            throw wrong("freed what was not mapped");
        }
    }

    private void requireZeros(ByteBuffer bytes) {
        for (int i = pageSize(); i < bytes.limit() - pageSize(); i++) {
            if (bytes.get(i) != 0) {
                throw wrong("byte " + i + " of a freed region is not zero");
            }
        }
    }

    private AssertionError wrong(String what) {
        AssertionError wrong = new AssertionError(what);
        wronglyFreed.compareAndSet(null, wrong);
        return wrong;
    }

    @Override
    public void protect(MemoryRegion region, Protection protection) {
        enter("protect(" + protection + ")");
        real.protect(region, protection);
    }

    @Override
    public void lock(MemoryRegion region) {
        enter("lock");
        real.lock(region);
    }

    @Override
    public void unlock(MemoryRegion region) {
        enter("unlock");
        real.unlock(region);
    }

    @Override
    public void excludeFromDumps(MemoryRegion region) {
        enter("excludeFromDumps");
        real.excludeFromDumps(region);
    }

    @Override
    public void excludeFromFork(MemoryRegion region) {
        enter("excludeFromFork");
        real.excludeFromFork(region);
    }

    @Override
    public void hideFromKernel(MemoryRegion region) {
        enter("hideFromKernel");
        real.hideFromKernel(region);
    }

    @Override
    public void fillRandom(MemoryRegion region, long offset, long length) {
        enter("fillRandom");
        real.fillRandom(region, offset, length);
    }

    @Override
    public void disableCoreDumps() {
        enter("disableCoreDumps");
    }

    @Override
    public int pageSize() {
        return real.pageSize();
    }

    @Override
    public MemoryLockLimit lockLimit() {
        return real.lockLimit();
    }

    @Override
    public String name() {
        return real.name();
    }
}
