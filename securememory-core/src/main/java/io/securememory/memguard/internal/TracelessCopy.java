package io.securememory.memguard.internal;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Copies bytes of secrets, and leaves none of them in the registers of the processor.
 *
 * <p>A bulk copy goes through vector registers, which keep its bytes until something else needs them. If the virtual
 * machine stops the thread meanwhile, to leave compiled code or for its collector, it saves all registers on the stack
 * of the thread, whether they are in use or not, and there they stay for as long as nothing else reaches that depth. So
 * short copies, which most are, go word by word through one register. After a long one zeros go the same way: as many,
 * as far as that decides on the registers, and by the same call, which is compiled for both or for none.
 */
public final class TracelessCopy {

    /** What is longer is copied in bulk. */
    private static final int WORDWISE = 1024;

    /** From here on more bytes go through the same registers. */
    private static final int MOST = 8 * 1024;

    /** What a routine copies at once at most; a rest goes other ways. */
    private static final int STEP = 128;

    private static final int ROOM = MOST + STEP;

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(ROOM);

    /** A power of two: threads write to different places, or they would wait for each other's caches. */
    private static final int PLACES = 16;

    private static final ByteBuffer SINK = ByteBuffer.allocateDirect(PLACES * ROOM);

    private TracelessCopy() {}

    /**
     * Copies bytes. The buffers' positions stay.
     *
     * @param source where the bytes are
     * @param from index of the first byte
     * @param target where the bytes go
     * @param to index of the first byte
     * @param length how many bytes
     * @throws IndexOutOfBoundsException if source or target has fewer bytes
     */
    public static void copy(ByteBuffer source, int from, ByteBuffer target, int to, int length) {
        if (length <= WORDWISE) {
            Objects.checkFromIndexSize(from, length, source.limit());
            Objects.checkFromIndexSize(to, length, target.limit());
            copyWords(source, from, target, to, length);
        } else {
            copyInBulk(source, from, target, to, length);
        }
    }

    /** With fences, so that the compiler neither reads the next word before this one is written nor makes vectors. */
    private static void copyWords(ByteBuffer source, int from, ByteBuffer target, int to, int length) {
        boolean reversed = source.order() != target.order();
        int words = length & -Long.BYTES;
        for (int i = 0; i < words; i += Long.BYTES) {
            long word = source.getLong(from + i);
            target.putLong(to + i, reversed ? Long.reverseBytes(word) : word);
            VarHandle.acquireFence();
        }
        for (int i = words; i < length; i++) {
            target.put(to + i, source.get(from + i));
            VarHandle.acquireFence();
        }
    }

    private static void copyInBulk(ByteBuffer source, int from, ByteBuffer target, int to, int length) {
        ByteBuffer input = source;
        ByteBuffer output = target;
        int inputAt = from;
        int outputAt = to;
        int count = length;
        for (int pass = 0; pass < 2; pass++) {
            output.put(outputAt, input, inputAt, count);
            input = ZEROS;
            output = SINK;
            inputAt = 0;
            outputAt = place() * ROOM;
            count = length <= MOST ? length : MOST + length % STEP;
        }
    }

    @SuppressWarnings("deprecation") // Thread.threadId() is of Java 19.
    private static int place() {
        return (int) Thread.currentThread().getId() & (PLACES - 1);
    }
}
