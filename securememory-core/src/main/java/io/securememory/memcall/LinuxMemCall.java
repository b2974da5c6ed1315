package io.securememory.memcall;

import io.securememory.MemoryLimitException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/** {@link MemCall} on Linux, over either way to call the C library. Source: the manual pages named at the methods. */
final class LinuxMemCall implements MemCall {

    private static final long MAX_SIZE = 1L << 30;

    private static final int LOCK_ATTEMPTS = 3;

    private static final int PROT_NONE = 0;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 0x01;
    private static final int MAP_PRIVATE = 0x02;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MREMAP_MAYMOVE_FIXED = 3;
    private static final int MADV_DONTFORK = 10;
    private static final int MADV_DONTDUMP = 16;
    private static final int MADV_WIPEONFORK = 18;
    private static final int SC_PAGESIZE = 30;
    private static final int RLIMIT_CORE = 4;
    private static final int RLIMIT_MEMLOCK = 8;

    private final LibC libC;
    private final int pageSize;

    LinuxMemCall(LibC libC) {
        Objects.requireNonNull(
                JoinedFree.class); // Loaded early: memory may be freed when the class loader has been closed.
        this.libC = libC;
        this.pageSize = Math.toIntExact(libC.sysconf(SC_PAGESIZE));
        if (Integer.bitCount(pageSize) != 1) {
            throw new IllegalStateException("the page size is " + pageSize + ", which is not a power of two");
        }
    }

    @Override
    public MemoryRegion allocate(long size) {
        if (size < 1 || size > MAX_SIZE) {
            throw new IllegalArgumentException("size is " + size + ", expected 1 to " + MAX_SIZE + " bytes");
        }
        long rounded = (size + pageSize - 1) / pageSize * pageSize;
        long address = libC.mmap(rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
        if (address == -1) {
            throw FailedCall.of("mmap", libC.errno());
        }
        return new NativeRegion(libC, address, rounded, pageSize);
    }

    @Override
    public void free(MemoryRegion region) {
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
    public Map<MemoryRegion, RuntimeException> freeAll(Collection<? extends MemoryRegion> regions) {
        return new JoinedFree(libC).free(regions, this::ownWhole);
    }

    @Override
    public void protect(MemoryRegion region, Protection protection) {
        int bits = switch (protection) {
            case NO_ACCESS -> PROT_NONE;
            case READ_ONLY -> PROT_READ;
            case READ_WRITE -> PROT_READ | PROT_WRITE;
        };
        NativeRegion pages = own(region);
        synchronized (pages.mapping()) {
            requireMapped(pages);
            if (libC.mprotect(pages.address(), pages.size(), bits) != 0) {
                throw FailedCall.of("mprotect(" + protection + ")", libC.errno());
            }
        }
    }

    @Override
    public void lock(MemoryRegion region) {
        NativeRegion pages = own(region);
        synchronized (pages.mapping()) {
            requireMapped(pages);
            lock("mlock", pages.size(), () -> libC.mlock(pages.address(), pages.size()));
        }
    }

    /**
     * Makes a call that locks memory, and again if it met a limit that is not reached any more when it is looked at.
     *
     * @return what the call returned, which is not -1
     */
    private long lock(String operation, long size, LongSupplier call) {
        int errno = 0;
        for (int i = 0; i < LOCK_ATTEMPTS; i++) {
            long result = call.getAsLong();
            if (result != -1) {
                return result;
            }
            errno = libC.errno();
            long limit = lockLimit().effectiveBytes();
            long locked = LinuxProcess.lockedBytes();
            if (LockRefusal.isByLimit(errno, size, locked, limit)) {
                throw new MemoryLimitException(size, locked, limit, errno);
            }
        }
        throw LockRefusal.of(operation, errno);
    }

    @Override
    public void unlock(MemoryRegion region) {
        call("munlock", own(region), p -> libC.munlock(p.address(), p.size()));
    }

    @Override
    public void excludeFromDumps(MemoryRegion region) {
        call("madvise(DONTDUMP)", own(region), p -> libC.madvise(p.address(), p.size(), MADV_DONTDUMP));
    }

    @Override
    public void excludeFromFork(MemoryRegion region) {
        call("madvise(DONTFORK)", own(region), p -> {
            int wiped = libC.madvise(p.address(), p.size(), MADV_WIPEONFORK);
            boolean unknown = wiped != 0 && Errno.EINVAL.is(libC.errno());
            return unknown ? libC.madvise(p.address(), p.size(), MADV_DONTFORK) : wiped;
        });
    }

    @Override
    public void hideFromKernel(MemoryRegion region) {
        NativeRegion pages = own(region);
        synchronized (pages.mapping()) {
            requireMapped(pages);
            int fd = libC.memfdSecret(0);
            if (fd < 0) {
                throw FailedCall.of("memfd_secret", libC.errno());
            }
            try {
                mapOver(pages, fd);
            } finally {
                libC.close(fd); // The mapping keeps the pages; an error of close releases the descriptor all the same.
            }
        }
    }

    private void mapOver(NativeRegion pages, int fd) {
        if (libC.ftruncate(fd, pages.size()) != 0) {
            throw FailedCall.of("ftruncate(memfd_secret)", libC.errno());
        }
        // Mapped elsewhere first: a fixed mapping that fails at the limit may leave a hole that others map into.
        long address = lock(
                "mmap(memfd_secret)",
                pages.size(),
                () -> libC.mmap(pages.size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd));
        if (libC.mremap(address, pages.size(), MREMAP_MAYMOVE_FIXED, pages.address()) == -1) {
            int errno = libC.errno();
            libC.munmap(address, pages.size());
            throw FailedCall.of("mremap", errno);
        }
    }

    @Override
    public void fillRandom(MemoryRegion region, long offset, long length) {
        NativeRegion pages = own(region);
        Objects.checkFromIndexSize(offset, length, pages.size());
        synchronized (pages.mapping()) {
            requireMapped(pages);
            long done = 0;
            while (done < length) {
                long filled = libC.getrandom(pages.address() + offset + done, length - done);
                if (filled >= 0) {
                    done += filled;
                } else if (!Errno.EINTR.is(libC.errno())) {
                    throw FailedCall.of("getrandom", libC.errno());
                }
            }
        }
    }

    @Override
    public void disableCoreDumps() {
        long[] limit = rlimit(RLIMIT_CORE);
        if (libC.setrlimit(RLIMIT_CORE, 0, limit[1]) != 0) {
            throw FailedCall.of("setrlimit(CORE)", libC.errno());
        }
    }

    @Override
    public int pageSize() {
        return pageSize;
    }

    @Override
    public MemoryLockLimit lockLimit() {
        long[] limit = rlimit(RLIMIT_MEMLOCK);
        return new MemoryLockLimit(
                limit[0] < 0 ? MemoryLockLimit.UNLIMITED : limit[0],
                limit[1] < 0 ? MemoryLockLimit.UNLIMITED : limit[1],
                LinuxProcess.mayLockWithoutLimit());
    }

    @Override
    public long mappingLimit() {
        return LinuxProcess.mappingLimit();
    }

    @Override
    public long mappings() {
        return LinuxProcess.mappings();
    }

    @Override
    public String name() {
        return libC.name();
    }

    private long[] rlimit(int resource) {
        long[] softAndHard = new long[2];
        if (libC.getrlimit(resource, softAndHard) != 0) {
            throw FailedCall.of("getrlimit", libC.errno());
        }
        return softAndHard;
    }

    private static void call(String operation, NativeRegion pages, ToIntFunction<NativeRegion> action) {
        synchronized (pages.mapping()) {
            requireMapped(pages);
            if (action.applyAsInt(pages) != 0) {
                throw FailedCall.of(operation, pages.errno());
            }
        }
    }

    static void requireMapped(NativeRegion pages) {
        if (pages.mapping().isFreed()) {
            throw new IllegalStateException("the region was freed");
        }
    }

    private NativeRegion ownWhole(MemoryRegion region) {
        NativeRegion pages = own(region);
        if (!pages.isWhole()) {
            throw new IllegalArgumentException("a part of a region cannot be freed, only the whole");
        }
        return pages;
    }

    private NativeRegion own(MemoryRegion region) {
        Objects.requireNonNull(region, "region");
        if (region instanceof NativeRegion pages && pages.isOf(libC)) {
            return pages;
        }
        throw new IllegalArgumentException("the region was not allocated by this MemCall");
    }
}
