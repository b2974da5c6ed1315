package io.securememory.memcall;

import org.jspecify.annotations.Nullable;

/**
 * The calls of macOS and the BSDs. Source: minherit(2), mlock(2), madvise(2), sysctlbyname(3).
 *
 * <p>Checked against the systems' headers, and against a simulation of their calls. Not run on these systems.
 */
final class BsdMemCall extends PosixMemCall {

    private final BsdSystem system;
    private final NamedFunction minherit;

    BsdMemCall(LibC libC, BsdSystem system) {
        super(libC, system.constants(), system.advice());
        this.system = system;
        this.minherit = libC.named("minherit");
    }

    @Override
    public boolean excludesFromDumps() {
        return system.dumps() != BsdSystem.DumpExclusion.NONE;
    }

    @Override
    void keepOutOfDumps(NativeRegion pages) {
        if (system.dumps() == BsdSystem.DumpExclusion.BY_ADVICE) {
            requireDone("madvise(NOCORE)", libC.madvise(pages.address(), pages.size(), BsdSystem.MADV_NOCORE));
        }
    }

    @Override
    void keepOutOfForks(NativeRegion pages) {
        requireDone("minherit", (int) minherit.call(pages.address(), pages.size(), system.inheritNothing(), 0, 0));
    }

    @Override
    void lockPages(NativeRegion pages) {
        if (system.locksNest()) {
            locked(pages).lock(pages.firstPage(), pages.endPage(), locking(pages), unlocking(pages));
        } else {
            super.lockPages(pages);
        }
    }

    @Override
    void unlockPages(NativeRegion pages) {
        if (system.locksNest()) {
            locked(pages).unlock(pages.firstPage(), pages.endPage(), unlocking(pages));
        } else {
            super.unlockPages(pages);
        }
    }

    private static LockedPages locked(NativeRegion pages) {
        return pages.mapping().lockedPages();
    }

    private LockedPages.Action locking(NativeRegion region) {
        return (first, count) -> {
            long size = (long) count * pageSize();
            lock("mlock", size, () -> libC.mlock(region.addressOf(first), size));
        };
    }

    private LockedPages.Action unlocking(NativeRegion region) {
        return (first, count) ->
                requireDone("munlock", libC.munlock(region.addressOf(first), (long) count * pageSize()));
    }

    @Override
    public MemoryLockLimit lockLimit() {
        MemoryLockLimit limit = super.lockLimit();
        String setting = system.lockLimitSetting();
        long most = setting == null ? MemoryLockLimit.UNLIMITED : new KernelSetting(libC, pageSize(), setting).read();
        return new MemoryLockLimit(smaller(limit.softBytes(), most), smaller(limit.hardBytes(), most), limit.exempt());
    }

    private long smaller(long limit, long most) {
        if (most == MemoryLockLimit.UNLIMITED) {
            return limit;
        }
        return limit == MemoryLockLimit.UNLIMITED ? most : Math.min(limit, most);
    }

    /** As these systems do not tell how much is locked, the error alone decides. */
    @Override
    boolean isByLimit(@Nullable Errno error, long size, long locked, long limit) {
        return limit != MemoryLockLimit.UNLIMITED
                && (error == system.overLimit() || (error == Errno.EPERM && limit == 0));
    }

    /** These systems do not tell it in a simple way. */
    @Override
    long lockedBytes() {
        return -1;
    }

    @Override
    boolean mayLockWithoutLimit() {
        return false;
    }
}
