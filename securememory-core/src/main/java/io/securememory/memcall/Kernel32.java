package io.securememory.memcall;

import io.securememory.UnsupportedPlatformException;
import io.securememory.memcall.internal.LibraryCleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Windows' functions for memory, one to one, without any interpretation of results.
 *
 * <p>Source: Microsoft's documentation of memoryapi.h, sysinfoapi.h, werapi.h, ntsecapi.h and errhandlingapi.h.
 */
final class Kernel32 {

    static final int MEM_COMMIT_AND_RESERVE = 0x3000;
    static final int MEM_RELEASE = 0x8000;
    static final int PAGE_NOACCESS = 1;
    static final int PAGE_READONLY = 2;
    static final int PAGE_READWRITE = 4;
    static final int SEM_NOGPFAULTERRORBOX = 2;

    /** Size of MEMORY_BASIC_INFORMATION, and where its field Protect is. */
    private static final int REGION_FACTS = 48;

    private static final int PROTECT = 36;

    /** Where SYSTEM_INFO has dwPageSize. */
    private static final int PAGE_SIZE = 4;

    /** The pseudo handle that GetCurrentProcess returns. */
    private static final long THIS_PROCESS = -1;

    private static final String LIBRARY = "kernel32";

    private final WindowsApi api;
    private final NamedFunction virtualAlloc;
    private final NamedFunction virtualFree;
    private final NamedFunction virtualProtect;
    private final NamedFunction virtualLock;
    private final NamedFunction virtualUnlock;
    private final NamedFunction virtualQuery;
    private final NamedFunction random;
    private final @Nullable NamedFunction excludeFromReports;
    private final @Nullable NamedFunction includeInReports;

    /**
     * A page for what functions write. The first word takes the previous protection, which nobody reads, from all
     * threads at once. The rest is used under the monitor of the buffer.
     */
    private final long scratch;

    private final ByteBuffer scratchBytes;

    Kernel32(WindowsApi api) {
        this.api = api;
        this.virtualAlloc = find("VirtualAlloc");
        this.virtualFree = find("VirtualFree");
        this.virtualProtect = find("VirtualProtect");
        this.virtualLock = find("VirtualLock");
        this.virtualUnlock = find("VirtualUnlock");
        this.virtualQuery = find("VirtualQuery");
        this.random = require(api.find("advapi32", "SystemFunction036"), "SystemFunction036 (RtlGenRandom)");
        this.excludeFromReports = api.find(LIBRARY, "WerRegisterExcludedMemoryBlock");
        this.includeInReports = api.find(LIBRARY, "WerUnregisterExcludedMemoryBlock");
        this.scratch = virtualAlloc(1);
        if (scratch == 0) {
            throw new OutOfMemoryError("no native memory for the results of calls, error " + api.lastError());
        }
        this.scratchBytes = api.buffer(scratch, 4096).order(ByteOrder.LITTLE_ENDIAN);
        LibraryCleaner.get().register(this, freeing(virtualFree, scratch));
    }

    /** The action that frees a page. Must not refer to this object. */
    private static Runnable freeing(NamedFunction virtualFree, long page) {
        return () -> virtualFree.call(page, 0, MEM_RELEASE, 0, 0);
    }

    private NamedFunction find(String function) {
        return require(api.find(LIBRARY, function), function);
    }

    private static NamedFunction require(@Nullable NamedFunction found, String name) {
        if (found == null) {
            throw new UnsupportedPlatformException("This Windows has no function " + name + ".", null);
        }
        return found;
    }

    int lastError() {
        return api.lastError();
    }

    /** Commits pages for reading and writing; returns 0 if that fails. */
    long virtualAlloc(long size) {
        return virtualAlloc.call(0, size, MEM_COMMIT_AND_RESERVE, PAGE_READWRITE, 0);
    }

    /** Frees what one call of VirtualAlloc made. */
    boolean virtualFree(long address) {
        return isTrue(virtualFree.call(address, 0, MEM_RELEASE, 0, 0));
    }

    boolean virtualProtect(long address, long size, int protection) {
        return isTrue(virtualProtect.call(address, size, protection, scratch, 0));
    }

    boolean virtualLock(long address, long size) {
        return isTrue(virtualLock.call(address, size, 0, 0, 0));
    }

    boolean virtualUnlock(long address, long size) {
        return isTrue(virtualUnlock.call(address, size, 0, 0, 0));
    }

    /** Returns the protection of a page as a PAGE constant, or 0 if it cannot be told. */
    int protectionOf(long address) {
        synchronized (scratchBytes) {
            long written = virtualQuery.call(address, scratch + REGION_FACTS, REGION_FACTS, 0, 0);
            return written == 0 ? 0 : scratchBytes.getInt(REGION_FACTS + PROTECT);
        }
    }

    /** Fills memory with random bytes. The function returns a BOOLEAN, which is one byte. */
    boolean random(long address, int length) {
        return (byte) random.call(address, length, 0, 0, 0) != 0;
    }

    /**
     * Keeps memory out of the dumps that Windows Error Reporting makes. Windows takes 512 blocks of a process.
     *
     * @return whether it took this one
     */
    boolean excludeFromReports(long address, long size) {
        return excludeFromReports != null && (int) excludeFromReports.call(address, size, 0, 0, 0) == 0;
    }

    /** Takes back {@link #excludeFromReports}. */
    void includeInReports(long address) {
        if (includeInReports != null) {
            includeInReports.call(address, 0, 0, 0, 0);
        }
    }

    int pageSize() {
        synchronized (scratchBytes) {
            find("GetSystemInfo").call(scratch + REGION_FACTS, 0, 0, 0, 0);
            return scratchBytes.getInt(REGION_FACTS + PAGE_SIZE);
        }
    }

    /** Makes faults of this process end it without Windows Error Reporting. */
    void turnReportsOff() {
        int mode = (int) find("GetErrorMode").call(0, 0, 0, 0, 0);
        find("SetErrorMode").call(mode | SEM_NOGPFAULTERRORBOX, 0, 0, 0, 0);
    }

    /**
     * Raises the process' working set, of which VirtualLock may use the minimum.
     *
     * @return whether Windows agreed
     */
    boolean raiseWorkingSet(long bytes) {
        synchronized (scratchBytes) {
            long min = scratch + REGION_FACTS;
            long max = min + Long.BYTES;
            if (!isTrue(find("GetProcessWorkingSetSize").call(THIS_PROCESS, min, max, 0, 0))) {
                return false;
            }
            long newMin = scratchBytes.getLong(REGION_FACTS) + bytes;
            long newMax = Math.max(scratchBytes.getLong(REGION_FACTS + Long.BYTES), newMin + bytes);
            return isTrue(find("SetProcessWorkingSetSize").call(THIS_PROCESS, newMin, newMax, 0, 0));
        }
    }

    private static boolean isTrue(long result) {
        return (int) result != 0;
    }
}
