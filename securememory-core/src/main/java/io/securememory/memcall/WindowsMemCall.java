package io.securememory.memcall;

import io.securememory.MemoryLimitException;

/**
 * Memory calls of Windows. Source: Microsoft's documentation of VirtualAlloc, VirtualProtect, VirtualLock,
 * SetProcessWorkingSetSize and WerRegisterExcludedMemoryBlock.
 *
 * <p>Windows takes the lock from pages that lose their access. They are locked again when they get one again; if that
 * fails, they get none. Windows has no fork.
 *
 * <p>Run in a Wine process, and against a simulation of the calls. Not run on Windows.
 */
final class WindowsMemCall extends NativeMemCall {

    /** The working set is raised by more than a lock needs, so that it is raised rarely. Bytes. */
    private static final long RAISE = 1 << 20;

    /** The room that one thread made by raising the working set may be used by another. */
    private static final int LOCK_ATTEMPTS = 5;

    private final Kernel32 kernel32;

    WindowsMemCall(WindowsApi api) {
        this(api, new Kernel32(api));
    }

    private WindowsMemCall(WindowsApi api, Kernel32 kernel32) {
        super(api, kernel32.pageSize());
        this.kernel32 = kernel32;
    }

    @Override
    long map(long size) {
        long address = kernel32.virtualAlloc(size);
        if (address == 0) {
            throw WindowsError.failed("VirtualAlloc", kernel32.lastError());
        }
        return address;
    }

    /** The exclusion from reports ends first: once the pages are free, another region may have their addresses. */
    @Override
    void unmapPages(NativeRegion pages) {
        pages.mapping().outOfReports().forEach(kernel32::includeInReports);
        requireTrue("VirtualFree", kernel32.virtualFree(pages.address()));
    }

    @Override
    void protectPages(NativeRegion pages, Protection protection) {
        change(pages, protection);
        if (protection != Protection.NO_ACCESS) {
            try {
                pages.mapping().lockedPages().recover(pages.firstPage(), pages.endPage(), locking(pages));
            } catch (RuntimeException | Error e) {
                change(pages, Protection.NO_ACCESS);
                throw e;
            }
        }
    }

    private void change(NativeRegion pages, Protection protection) {
        int constant = switch (protection) {
            case NO_ACCESS -> Kernel32.PAGE_NOACCESS;
            case READ_ONLY -> Kernel32.PAGE_READONLY;
            case READ_WRITE -> Kernel32.PAGE_READWRITE;
        };
        requireTrue(
                "VirtualProtect(" + protection + ")", kernel32.virtualProtect(pages.address(), pages.size(), constant));
        if (protection == Protection.NO_ACCESS) {
            pages.mapping().lockedPages().lose(pages.firstPage(), pages.endPage());
        }
    }

    @Override
    void lockPages(NativeRegion pages) {
        LockedPages locked = pages.mapping().lockedPages();
        locked.lock(pages.firstPage(), pages.endPage(), locking(pages), unlocking(pages));
    }

    @Override
    void unlockPages(NativeRegion pages) {
        pages.mapping().lockedPages().unlock(pages.firstPage(), pages.endPage(), unlocking(pages));
    }

    private LockedPages.Action locking(NativeRegion region) {
        return (first, count) -> lock(region.addressOf(first), (long) count * pageSize());
    }

    private void lock(long address, long size) {
        for (int i = 0; i < LOCK_ATTEMPTS; i++) {
            if (kernel32.virtualLock(address, size)) {
                return;
            }
            int error = kernel32.lastError();
            if (error != WindowsError.WORKING_SET_QUOTA.number()) {
                throw WindowsError.failed("VirtualLock", error);
            }
            if (!kernel32.raiseWorkingSet(size + RAISE)) {
                break;
            }
        }
        throw MemoryLimitException.ofLock(
                size, -1, MemoryLockLimit.UNLIMITED, WindowsError.WORKING_SET_QUOTA.number(), lockLimitRemedy());
    }

    private LockedPages.Action unlocking(NativeRegion region) {
        return (first, count) -> requireTrue(
                "VirtualUnlock", kernel32.virtualUnlock(region.addressOf(first), (long) count * pageSize()));
    }

    @Override
    public boolean locksPagesWithoutAccess() {
        return false;
    }

    /**
     * Windows Error Reporting can leave out some blocks, but other tools write dumps with all pages. So this is asked
     * for, and not promised.
     */
    @Override
    public boolean excludesFromDumps() {
        return false;
    }

    @Override
    void keepOutOfDumps(NativeRegion pages) {
        if (kernel32.excludeFromReports(pages.address(), pages.size())) {
            pages.mapping().outOfReports().add(pages.address());
        }
    }

    @Override
    void keepOutOfForks(NativeRegion pages) {
        // Windows has no fork.
    }

    @Override
    long random(long address, long length) {
        int asked = (int) Math.min(length, Integer.MAX_VALUE);
        requireTrue("SystemFunction036", kernel32.random(address, asked));
        return asked;
    }

    @Override
    public void disableCoreDumps() {
        kernel32.turnReportsOff();
    }

    /** The minimum working set is the limit, and is raised as needed, so that no number is known in advance. */
    @Override
    public MemoryLockLimit lockLimit() {
        return new MemoryLockLimit(MemoryLockLimit.UNLIMITED, MemoryLockLimit.UNLIMITED, false);
    }

    @Override
    public String lockLimitRemedy() {
        return WindowsError.Remedies.WORKING_SET;
    }

    private void requireTrue(String operation, boolean done) {
        if (!done) {
            throw WindowsError.failed(operation, kernel32.lastError());
        }
    }
}
