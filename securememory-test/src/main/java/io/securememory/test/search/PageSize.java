package io.securememory.test.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The size of a page of memory, as the kernel tells each program. Source: getauxval(3), proc_pid_auxv(5). */
final class PageSize {

    private static final Path VALUES = Path.of("/proc/self/auxv");
    private static final long AT_PAGESZ = 6;

    private PageSize() {}

    /** Returns the number of bytes. */
    static int ofThisSystem() throws IOException {
        ByteBuffer values = ByteBuffer.wrap(Files.readAllBytes(VALUES)).order(ByteOrder.nativeOrder());
        while (values.remaining() >= 2 * Long.BYTES) {
            long type = values.getLong();
            long value = values.getLong();
            if (type == AT_PAGESZ) {
                return Math.toIntExact(value);
            }
        }
        throw new IOException("the kernel does not tell the size of a page in " + VALUES);
    }
}
