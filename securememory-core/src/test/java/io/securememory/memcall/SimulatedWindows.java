package io.securememory.memcall;

import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Windows' functions, made from Linux' own, with the rules that Microsoft documents: no lock without access, the lock is
 * lost with the access, as many locked pages as the minimum working set has, freeing by the base address only. The pages
 * are real ones.
 */
final class SimulatedWindows implements WindowsApi {

    private static final long GARBAGE = 0x7777_7777_0000_0000L;
    private static final int WORKING_SET_QUOTA = 1453;

    private final LibC linux;
    private final int page;
    private final ThreadLocal<Integer> error = ThreadLocal.withInitial(() -> 0);
    private final TreeMap<Long, Long> sizes = new TreeMap<>();
    private final Map<Long, Integer> protections = new TreeMap<>();
    private final TreeSet<Long> locked = new TreeSet<>();

    /** Addresses that are out of crash reports. */
    final List<Long> outOfReports = new ArrayList<>();

    /** Whether pages were freed that were out of crash reports: a later region at their address would lose that. */
    boolean freedWhileOutOfReports;

    /** Bytes; the minimum that VirtualLock may use. */
    long minWorkingSet = 200 << 10;

    /** Bytes that the minimum may be raised to. */
    long mostWorkingSet = Long.MAX_VALUE;

    /** Whether this Windows is old, and has no WerRegisterExcludedMemoryBlock. */
    boolean old;

    int errorMode = 1;

    SimulatedWindows(LibC linux) {
        this.linux = linux;
        this.page = Math.toIntExact(linux.sysconf(LinuxConstants.GENERIC.pageSizeName()));
    }

    @Override
    public @Nullable NamedFunction find(String library, String function) {
        if (function.equals("SystemFunction036") && library.equals("advapi32")) {
            return (address, length, a, b, c) -> GARBAGE | 0xFF00 | (linux.random(address, length) == length ? 1 : 0);
        }
        if (!library.equals("kernel32") || (old && function.startsWith("Wer"))) {
            return null;
        }
        return (first, second, third, fourth, fifth) -> {
            synchronized (this) {
                return call(function, first, second, (int) third, fourth);
            }
        };
    }

    private long call(String function, long first, long second, int third, long fourth) {
        return switch (function) {
            case "VirtualAlloc" -> allocate(first, second, third, (int) fourth);
            case "VirtualFree" -> bool(free(first, second, third));
            case "VirtualProtect" -> bool(protect(first, second, third, fourth));
            case "VirtualLock" -> bool(lock(first, second));
            case "VirtualUnlock" -> bool(unlock(first, second));
            case "VirtualQuery" -> query(first, second, third);
            case "GetSystemInfo" -> systemInfo(first);
            case "GetErrorMode" -> errorMode;
            case "SetErrorMode" -> errorMode = (int) first;
            case "GetProcessWorkingSetSize" -> bool(workingSet(first, second, third, fourth));
            case "SetProcessWorkingSetSize" -> bool(setWorkingSet(first, second, third));
            case "WerRegisterExcludedMemoryBlock" -> exclude(first);
            case "WerUnregisterExcludedMemoryBlock" -> GARBAGE | (outOfReports.remove(first) ? 0 : 1);
            default -> throw new AssertionError("not a function that is used: " + function);
        };
    }

    synchronized int lockedPages() {
        return locked.size();
    }

    /** A BOOL in a word whose upper half is anything. */
    private static long bool(boolean value) {
        return GARBAGE | (value ? 1 : 0);
    }

    private boolean fail(int number) {
        error.set(number);
        return false;
    }

    private long allocate(long address, long size, int type, int protection) {
        if (address != 0 || type != 0x3000 || protection != 4) {
            fail(87);
            return 0;
        }
        long rounded = (size + page - 1) / page * page;
        long made = linux.mmap(rounded, 3, 2 | LinuxConstants.GENERIC.mapAnonymous(), -1);
        if (made == -1) {
            fail(8);
            return 0;
        }
        sizes.put(made, rounded);
        for (long each = made; each < made + rounded; each += page) {
            protections.put(each, 4);
        }
        return made;
    }

    private boolean free(long address, long size, int type) {
        Long whole = sizes.get(address);
        if (size != 0 || type != 0x8000 || whole == null) {
            return fail(whole == null && size == 0 ? 487 : 87);
        }
        sizes.remove(address);
        freedWhileOutOfReports |= outOfReports.stream().anyMatch(each -> each >= address && each < address + whole);
        for (long each = address; each < address + whole; each += page) {
            protections.remove(each);
            locked.remove(each);
        }
        return linux.munmap(address, whole) == 0 || fail(87);
    }

    private boolean committed(long address, long size) {
        for (long each = address; each < address + size; each += page) {
            if (!protections.containsKey(each)) {
                return fail(487);
            }
        }
        return true;
    }

    private boolean protect(long address, long size, int protection, long old) {
        if (!committed(address, size)) {
            return false;
        }
        int bits = Map.of(1, 0, 2, 1, 4, 3).get(protection);
        if (old == 0) {
            return fail(998);
        }
        linux.buffer(old, 4).order(ByteOrder.nativeOrder()).putInt(0, protections.get(address));
        if (linux.mprotect(address, size, bits) != 0) {
            return fail(8);
        }
        for (long each = address; each < address + size; each += page) {
            protections.put(each, protection);
            if (protection == 1 && locked.remove(each)) {
                linux.munlock(each, page);
            }
        }
        return true;
    }

    private boolean lock(long address, long size) {
        if (!committed(address, size)) {
            return false;
        }
        for (long each = address; each < address + size; each += page) {
            if (protections.get(each) == 1) {
                return fail(998);
            }
        }
        if ((long) locked.size() * page + size > minWorkingSet) {
            return fail(WORKING_SET_QUOTA);
        }
        if (linux.mlock(address, size) != 0) {
            return fail(WORKING_SET_QUOTA);
        }
        for (long each = address; each < address + size; each += page) {
            locked.add(each);
        }
        return true;
    }

    private boolean unlock(long address, long size) {
        for (long each = address; each < address + size; each += page) {
            if (!locked.remove(each)) {
                return fail(158);
            }
            linux.munlock(each, page);
        }
        return true;
    }

    private long query(long address, long result, int size) {
        Integer protection = protections.get(address);
        if (protection == null || size < 48) {
            return 0;
        }
        linux.buffer(result, size).order(ByteOrder.nativeOrder()).putInt(36, protection);
        return 48;
    }

    private long systemInfo(long result) {
        linux.buffer(result, 48).order(ByteOrder.nativeOrder()).putInt(4, page).putInt(40, 65536);
        return GARBAGE;
    }

    private boolean workingSet(long process, long min, long max, long unused) {
        if (process != -1) {
            return fail(6);
        }
        linux.buffer(min, Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, minWorkingSet);
        int wide = (int) max;
        linux.buffer(min + Long.BYTES, Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(0, 1_413_120);
        return wide == (int) (min + Long.BYTES) && unused == 0;
    }

    private boolean setWorkingSet(long process, long min, long max) {
        if (process != -1 || (int) max < (int) min) {
            return fail(87);
        }
        if (min > mostWorkingSet) {
            return fail(1314);
        }
        minWorkingSet = min;
        return true;
    }

    private long exclude(long address) {
        if (outOfReports.size() >= 512) {
            return GARBAGE | 0x8007_007AL;
        }
        outOfReports.add(address);
        return GARBAGE;
    }

    @Override
    public int lastError() {
        return error.get();
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
