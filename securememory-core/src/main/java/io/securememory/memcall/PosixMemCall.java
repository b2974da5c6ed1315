package io.securememory.memcall;

import io.securememory.MemoryLimitException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@link MemCall} that is the same on every POSIX system. It works with both kinds of native access and
 * uses the system's own table of constants.
 *
 * <p>Each system has a subclass for what POSIX does not define: how pages are kept out of dumps and forks, and what the
 * kernel tells about a process. Source: the manual pages of the calls.
 */
abstract class PosixMemCall extends NativeMemCall {

    static final int PROT_NONE = 0;
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 0x01;
    static final int MAP_PRIVATE = 0x02;

    private static final int LOCK_ATTEMPTS = 3;

    final LibC libC;
    final PosixConstants constants;
    final FailedCall failed;
    private final Advice advice;

    PosixMemCall(LibC libC, PosixConstants constants, Advice advice) {
        super(libC, Math.toIntExact(libC.sysconf(constants.pageSizeName())));
        Objects.requireNonNull(
                JoinedFree.class); // Loaded early, because memory may be freed after the class loader was closed.
        this.libC = libC;
        this.constants = constants;
        this.advice = advice;
        this.failed = new FailedCall(constants.errors(), advice);
    }

    /** Bytes that this process has locked, or -1 if the kernel does not say. */
    abstract long lockedBytes();

    /** Whether no limit of locked memory is applied to this process. */
    abstract boolean mayLockWithoutLimit();

    /** The limit, in bytes, under which the system makes no core dump. */
    long coreLimitForNone() {
        return 0;
    }

    @Override
    final long map(long size) {
        long address = libC.mmap(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | constants.mapAnonymous(), -1);
        if (address == -1) {
            throw failed.of("mmap", libC.errno());
        }
        return address;
    }

    @Override
    final void unmapPages(NativeRegion pages) {
        requireDone("munmap", libC.munmap(pages.address(), pages.size()));
    }

    @Override
    public final Map<MemoryRegion, RuntimeException> freeAll(Collection<? extends MemoryRegion> regions) {
        return new JoinedFree(libC, failed).free(regions, this::ownWhole);
    }

    @Override
    final void protectPages(NativeRegion pages, Protection protection) {
        int bits = switch (protection) {
            case NO_ACCESS -> PROT_NONE;
            case READ_ONLY -> PROT_READ;
            case READ_WRITE -> PROT_READ | PROT_WRITE;
        };
        if (libC.mprotect(pages.address(), pages.size(), bits) != 0) {
            throw failed.of("mprotect(" + protection + ")", libC.errno());
        }
    }

    @Override
    void lockPages(NativeRegion pages) {
        lock("mlock", pages.size(), () -> libC.mlock(pages.address(), pages.size()));
    }

    @Override
    void unlockPages(NativeRegion pages) {
        requireDone("munlock", libC.munlock(pages.address(), pages.size()));
    }

    /**
     * Makes a call that locks memory. If the call fails and the limit, read after that, does not explain the failure,
     * the call is repeated: the limit may have been reached only for a moment.
     *
     * @return what the call returned, which is not -1
     */
    final long lock(String operation, long size, LongSupplier call) {
        int errno = 0;
        for (int i = 0; i < LOCK_ATTEMPTS; i++) {
            long result = call.getAsLong();
            if (result != -1) {
                return result;
            }
            errno = libC.errno();
            long limit = lockLimit().effectiveBytes();
            long locked = lockedBytes();
            if (isByLimit(constants.errors().meaningOf(errno), size, locked, limit)) {
                throw MemoryLimitException.ofLock(size, locked, limit, errno, lockLimitRemedy());
            }
        }
        throw failed.ofLock(operation, errno);
    }

    /** Tells whether a lock was refused because of the limit, see {@link LockRefusal#isByLimit}. */
    boolean isByLimit(@Nullable Errno error, long size, long locked, long limit) {
        return LockRefusal.isByLimit(error, size, locked, limit);
    }

    /** Calls the system's {@link RandomFunction}, or what does the same. */
    long askForRandom(long address, long length) {
        return libC.random(address, length);
    }

    @Override
    final long random(long address, long length) {
        RandomFunction function = constants.random();
        long asked = Math.min(length, function.mostBytes());
        long filled = function.filled(askForRandom(address, asked), asked);
        if (filled >= 0) {
            return filled;
        }
        int errno = libC.errno();
        if (constants.errors().meaningOf(errno) == Errno.EINTR) {
            return 0;
        }
        throw failed.of(function.symbol(), errno);
    }

    @Override
    public final void disableCoreDumps() {
        long hard = rlimit(constants.coreLimit())[1];
        long soft = Long.compareUnsigned(hard, coreLimitForNone()) < 0 ? hard : coreLimitForNone();
        if (libC.setrlimit(constants.coreLimit(), soft, hard) != 0) {
            throw failed.of("setrlimit(CORE)", libC.errno());
        }
    }

    @Override
    public MemoryLockLimit lockLimit() {
        long[] limit = rlimit(constants.lockLimit());
        return new MemoryLockLimit(bytes(limit[0]), bytes(limit[1]), mayLockWithoutLimit());
    }

    @Override
    public final String lockLimitRemedy() {
        return advice.onLockLimit();
    }

    /** Of a limit, which is an unsigned word. */
    private long bytes(long limit) {
        return limit < 0 || limit == constants.unlimited() ? MemoryLockLimit.UNLIMITED : limit;
    }

    private long[] rlimit(int resource) {
        long[] softAndHard = new long[2];
        if (libC.getrlimit(resource, softAndHard) != 0) {
            throw failed.of("getrlimit", libC.errno());
        }
        return softAndHard;
    }

    /** Throws the exception for a call that returned something else than 0. */
    final void requireDone(String operation, int result) {
        if (result != 0) {
            throw failed.of(operation, libC.errno());
        }
    }
}
