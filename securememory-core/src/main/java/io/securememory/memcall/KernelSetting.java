package io.securememory.memcall;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A setting of the kernel that is a number. Source: sysctlbyname(3). */
final class KernelSetting {

    private static final int VALUE = 0;
    private static final int LENGTH = Long.BYTES;
    private static final int NAME = 2 * Long.BYTES;

    private final LibC libC;
    private final int pageSize;
    private final String name;

    KernelSetting(LibC libC, int pageSize, String name) {
        this.libC = libC;
        this.pageSize = pageSize;
        this.name = name;
    }

    /** Returns the value, or -1 if the kernel does not tell it. The call works on a page that is mapped for it. */
    long read() {
        int flags = PosixMemCall.MAP_PRIVATE | BsdSystem.MAP_ANON;
        long page = libC.mmap(pageSize, PosixMemCall.PROT_READ | PosixMemCall.PROT_WRITE, flags, -1);
        if (page == -1) {
            return -1;
        }
        try {
            ByteBuffer memory = libC.buffer(page, pageSize).order(ByteOrder.nativeOrder());
            memory.putLong(LENGTH, Long.BYTES);
            memory.put(NAME, name.getBytes(StandardCharsets.US_ASCII)); // Ends with a zero, as the page is new.
            long result = libC.named("sysctlbyname").call(page + NAME, page + VALUE, page + LENGTH, 0, 0);
            return (int) result == 0 ? value(memory) : -1;
        } finally {
            libC.munmap(page, pageSize);
        }
    }

    private static long value(ByteBuffer memory) {
        return switch ((int) memory.getLong(LENGTH)) {
            case Integer.BYTES -> memory.getInt(VALUE);
            case Long.BYTES -> memory.getLong(VALUE);
            default -> -1;
        };
    }
}
