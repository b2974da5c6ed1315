package io.securememory.memcall;

import io.securememory.MemoryLimitException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/**
 * The part of {@link MemCall} that is the same on every POSIX system. It works with both kinds of native access and
 * uses the system's own table of constants.
 *
 * <p>Each system has a subclass for what POSIX does not define: how pages are kept out of dumps and forks, where
 * random bytes come from, and what the kernel tells about a process. Source: the manual pages of the calls.
 */
abstract class PosixMemCall implements MemCall {

    static final int PROT_NONE = 0;
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 0x01;
    static final int MAP_PRIVATE = 0x02;

    private static final long MAX_SIZE = 1L << 30;

    private static final int LOCK_ATTEMPTS = 3;

    final LibC libC;
    final PosixConstants constants;
    final FailedCall failed;
    private final int pageSize;

    PosixMemCall(LibC libC, PosixConstants constants, Advice advice) {
        Objects.requireNonNull(
                JoinedFree.class); // Loaded early, because memory may be freed after the class loader was closed.
        this.libC = libC;
        this.constants = constants;
        this.failed = new FailedCall(constants.errors(), advice);
        this.pageSize = Math.toIntExact(libC.sysconf(constants.pageSizeName()));
        if (Integer.bitCount(pageSize) != 1) {
            throw new IllegalStateException("the page size is " + pageSize + ", which is not a power of two");
        }
    }

    /**
     * Fills memory with random bytes.
     *
     * @return number of bytes filled, perhaps fewer than asked for, or -1 with an error number
     */
    abstract long random(long address, long length);

    /** Bytes that this process has locked, or -1 if the kernel does not say. */
    abstract long lockedBytes();

    /** Whether no limit of locked memory is applied to this process. */
    abstract boolean mayLockWithoutLimit();

    @Override
    public final MemoryRegion allocate(long size) {
        if (size < 1 || size > MAX_SIZE) {
            throw new IllegalArgumentException("size is " + size + ", expected 1 to " + MAX_SIZE + " bytes");
        }
        long rounded = (size + pageSize - 1) / pageSize * pageSize;
        long address = libC.mmap(rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | constants.mapAnonymous(), -1);
        if (address == -1) {
            throw failed.of("mmap", libC.errno());
        }
        return new NativeRegion(libC, address, rounded, pageSize);
    }

    @Override
    public final void free(MemoryRegion region) {
        NativeRegion pages = ownWhole(region);
        call("munmap", pages, p -> {
            int result = libC.munmap(p.address(), p.size());
            if (result == 0) {
                p.mapping().markFreed();
            }
            return result;
        });
    }

    @Override
    public final Map<MemoryRegion, RuntimeException> freeAll(Collection<? extends MemoryRegion> regions) {
        return new JoinedFree(libC, failed).free(regions, this::ownWhole);
    }

    @Override
    public final void protect(MemoryRegion region, Protection protection) {
        int bits = switch (protection) {
            case NO_ACCESS -> PROT_NONE;
            case READ_ONLY -> PROT_READ;
            case READ_WRITE -> PROT_READ | PROT_WRITE;
        };
        NativeRegion pages = own(region);
        synchronized (pages.mapping()) {
            pages.requireMapped();
            if (libC.mprotect(pages.address(), pages.size(), bits) != 0) {
                throw failed.of("mprotect(" + protection + ")", libC.errno());
            }
        }
    }

    @Override
    public final void lock(MemoryRegion region) {
        NativeRegion pages = own(region);
        synchronized (pages.mapping()) {
            pages.requireMapped();
            lock("mlock", pages.size(), () -> libC.mlock(pages.address(), pages.size()));
        }
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
            if (LockRefusal.isByLimit(constants.errors().meaningOf(errno), size, locked, limit)) {
                throw new MemoryLimitException(size, locked, limit, errno);
            }
        }
        throw failed.ofLock(operation, errno);
    }

    @Override
    public final void unlock(MemoryRegion region) {
        call("munlock", own(region), p -> libC.munlock(p.address(), p.size()));
    }

    @Override
    public final void fillRandom(MemoryRegion region, long offset, long length) {
        NativeRegion pages = own(region);
        Objects.checkFromIndexSize(offset, length, pages.size());
        synchronized (pages.mapping()) {
            pages.requireMapped();
            long done = 0;
            while (done < length) {
                long filled = random(pages.address() + offset + done, length - done);
                if (filled >= 0) {
                    done += filled;
                } else if (constants.errors().meaningOf(libC.errno()) != Errno.EINTR) {
                    throw failed.of(constants.random(), libC.errno());
                }
            }
        }
    }

    @Override
    public final void disableCoreDumps() {
        long[] limit = rlimit(constants.coreLimit());
        if (libC.setrlimit(constants.coreLimit(), 0, limit[1]) != 0) {
            throw failed.of("setrlimit(CORE)", libC.errno());
        }
    }

    @Override
    public final int pageSize() {
        return pageSize;
    }

    @Override
    public final MemoryLockLimit lockLimit() {
        long[] limit = rlimit(constants.lockLimit());
        return new MemoryLockLimit(bytes(limit[0]), bytes(limit[1]), mayLockWithoutLimit());
    }

    /** Of a limit, which is an unsigned word. */
    private long bytes(long limit) {
        return limit < 0 || limit == constants.unlimited() ? MemoryLockLimit.UNLIMITED : limit;
    }

    @Override
    public final String name() {
        return libC.name();
    }

    private long[] rlimit(int resource) {
        long[] softAndHard = new long[2];
        if (libC.getrlimit(resource, softAndHard) != 0) {
            throw failed.of("getrlimit", libC.errno());
        }
        return softAndHard;
    }

    /** Makes a call on pages that are mapped, and stay so until it returns. */
    final void call(String operation, NativeRegion pages, ToIntFunction<NativeRegion> action) {
        synchronized (pages.mapping()) {
            pages.requireMapped();
            if (action.applyAsInt(pages) != 0) {
                throw failed.of(operation, libC.errno());
            }
        }
    }

    private NativeRegion ownWhole(MemoryRegion region) {
        NativeRegion pages = own(region);
        if (!pages.isWhole()) {
            throw new IllegalArgumentException("a part of a region cannot be freed, only the whole");
        }
        return pages;
    }

    /** Refuses what another MemCall allocated. */
    final NativeRegion own(MemoryRegion region) {
        Objects.requireNonNull(region, "region");
        if (region instanceof NativeRegion pages && pages.isOf(libC)) {
            return pages;
        }
        throw new IllegalArgumentException("the region was not allocated by this MemCall");
    }
}
