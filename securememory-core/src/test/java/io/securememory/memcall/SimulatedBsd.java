package io.securememory.memcall;

import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The C library of macOS or of a BSD, made from Linux' own: it understands only that system's numbers, answers with its
 * error numbers, and keeps its rules. The pages are real ones.
 */
final class SimulatedBsd implements LibC {

    private static final int MAP_ANON = 0x1000;
    private static final int MAP_CONCEAL = 0x8000;
    private static final int RLIMIT_CORE = 4;
    private static final int RLIMIT_MEMLOCK = 6;
    private static final Map<Errno, Integer> COMMON = Map.of(
            Errno.EPERM, 1, Errno.EINTR, 4, Errno.ENOMEM, 12, Errno.EACCES, 13, Errno.EFAULT, 14, Errno.EINVAL, 22);

    private final LibC linux;
    private final BsdSystem system;
    private final ErrorNumbers linuxErrors = LinuxConstants.GENERIC.errors();
    private final Map<Long, Integer> locks = new HashMap<>();
    private final long page;

    /** Error number in the system's numbering of a refusal that Linux knows nothing of, or 0. */
    private int refused;

    /** Most bytes that may be locked by the kernel's own setting; -1 if the system has no such setting. */
    long wireLimit = -1;

    SimulatedBsd(LibC linux, BsdSystem system) {
        this.linux = linux;
        this.system = system;
        this.page = linux.sysconf(LinuxConstants.GENERIC.pageSizeName());
    }

    @Override
    public synchronized long mmap(long length, int protection, int flags, int fd) {
        refused = 0;
        int known = PosixMemCall.MAP_PRIVATE | MAP_ANON | (system == BsdSystem.OPENBSD ? MAP_CONCEAL : 0);
        if ((flags & ~known) != 0 || (flags & MAP_ANON) == 0) {
            return refuse(22);
        }
        long address =
                linux.mmap(length, protection, PosixMemCall.MAP_PRIVATE | LinuxConstants.GENERIC.mapAnonymous(), fd);
        if ((flags & MAP_CONCEAL) != 0 && address != -1) {
            linux.madvise(address, length, LinuxConstants.MADV_DONTDUMP);
        }
        return address;
    }

    @Override
    public int ftruncate(int fd, long length) {
        throw new AssertionError("memfd_secret is Linux' own");
    }

    @Override
    public int close(int fd) {
        throw new AssertionError("memfd_secret is Linux' own");
    }

    @Override
    public synchronized int munmap(long address, long length) {
        refused = 0;
        pages(address, length).forEach(locks::remove);
        return linux.munmap(address, length);
    }

    @Override
    public synchronized int mprotect(long address, long length, int protection) {
        refused = 0;
        return linux.mprotect(address, length, protection);
    }

    @Override
    public synchronized int mlock(long address, long length) {
        refused = 0;
        if (wireLimit >= 0 && (long) locks.size() * page + length > wireLimit) {
            return (int) refuse(35);
        }
        int result = linux.mlock(address, length);
        if (result == 0) {
            pages(address, length).forEach(each -> locks.merge(each, 1, Integer::sum));
        } else if (system != BsdSystem.FREEBSD && exceedsLimit(length)) {
            return (int) refuse(35);
        }
        return result;
    }

    private boolean exceedsLimit(long length) {
        long[] limits = new long[2];
        getrlimit(RLIMIT_MEMLOCK, limits);
        return (long) locks.size() * page + length > limits[0];
    }

    /** Where locks nest, a page is unlocked by the last unlock. */
    @Override
    public synchronized int munlock(long address, long length) {
        refused = 0;
        for (long each : pages(address, length)) {
            int left = system.locksNest() ? locks.getOrDefault(each, 0) - 1 : 0;
            if (left > 0) {
                locks.put(each, left);
            } else {
                locks.remove(each);
                linux.munlock(each, page);
            }
        }
        return 0;
    }

    private java.util.List<Long> pages(long address, long length) {
        return java.util.stream.LongStream.range(0, (length + page - 1) / page)
                .mapToObj(i -> address + i * page)
                .toList();
    }

    @Override
    public synchronized int madvise(long address, long length, int advice) {
        refused = 0;
        if (system == BsdSystem.FREEBSD && advice == 8) {
            return linux.madvise(address, length, LinuxConstants.MADV_DONTDUMP);
        }
        return (int) refuse(22);
    }

    @Override
    public synchronized long random(long address, long length) {
        refused = 0;
        RandomFunction function = system.constants().random();
        if (function == RandomFunction.GETENTROPY && length > 256) {
            return refuse(5);
        }
        long filled = linux.random(address, length);
        return switch (function) {
            case GETRANDOM -> filled;
            case GETENTROPY ->
                filled == length ? 0x5555_0000_0000L : -1; // An int in a word whose upper half is anything.
            case ARC4RANDOM_BUF -> 0x5555_5555_5555L;
        };
    }

    @Override
    public long sysconf(int name) {
        return name == system.constants().pageSizeName() ? page : -1;
    }

    @Override
    public int getrlimit(int resource, long[] softAndHard) {
        int result = linux.getrlimit(linuxResource(resource), softAndHard);
        for (int i = 0; i < softAndHard.length; i++) {
            softAndHard[i] = softAndHard[i] == -1 ? Long.MAX_VALUE : softAndHard[i];
        }
        return result;
    }

    @Override
    public int setrlimit(int resource, long soft, long hard) {
        return linux.setrlimit(linuxResource(resource), toLinux(soft), toLinux(hard));
    }

    private static long toLinux(long limit) {
        return limit == Long.MAX_VALUE ? -1 : limit;
    }

    private static int linuxResource(int resource) {
        return switch (resource) {
            case RLIMIT_CORE -> 4;
            case RLIMIT_MEMLOCK -> 8;
            default -> throw new AssertionError("not a resource that is used: " + resource);
        };
    }

    @Override
    public NamedFunction named(String name) {
        return switch (name) {
            case "minherit" -> (address, length, inherit, unused, none) -> minherit(address, length, (int) inherit);
            case "sysctlbyname" -> this::sysctlbyname;
            default -> throw new AssertionError("not a function that is used: " + name);
        };
    }

    private synchronized long minherit(long address, long length, int inherit) {
        refused = 0;
        boolean zeroes = system == BsdSystem.FREEBSD || system == BsdSystem.OPENBSD;
        if (inherit != 2 && !(inherit == 3 && zeroes)) {
            return refuse(22);
        }
        int advice = inherit == 2 ? LinuxConstants.MADV_DONTFORK : LinuxConstants.MADV_WIPEONFORK;
        return linux.madvise(address, length, advice) & 0xFFFF_FFFFL; // An int in a word.
    }

    private synchronized long sysctlbyname(long name, long value, long length, long newValue, long newLength) {
        refused = 0;
        byte[] text = new byte[32];
        linux.buffer(name, text.length).get(text);
        String asked = new String(text, StandardCharsets.US_ASCII);
        if (wireLimit < 0 || !asked.startsWith("vm.user_wire_limit\0") || newValue != 0 || newLength != 0) {
            return refuse(2);
        }
        linux.buffer(value, Long.BYTES).order(java.nio.ByteOrder.nativeOrder()).putLong(0, wireLimit);
        linux.buffer(length, Long.BYTES).order(java.nio.ByteOrder.nativeOrder()).putLong(0, Long.BYTES);
        return 0;
    }

    private long refuse(int number) {
        refused = number;
        return -1;
    }

    /** The same meaning in the system's numbering. */
    @Override
    public synchronized int errno() {
        if (refused != 0) {
            return refused;
        }
        Errno meaning = linuxErrors.meaningOf(linux.errno());
        if (meaning == Errno.EAGAIN) {
            return 35;
        }
        if (meaning == Errno.ENOSYS) {
            return 78;
        }
        return meaning == null ? linux.errno() : COMMON.getOrDefault(meaning, 9999);
    }

    @Override
    public ByteBuffer buffer(long address, int length) {
        return linux.buffer(address, length);
    }

    @Override
    public @Nullable ScopedBuffer scopedBuffer(long address, int length) {
        return linux.scopedBuffer(address, length);
    }

    @Override
    public String name() {
        return linux.name();
    }
}
