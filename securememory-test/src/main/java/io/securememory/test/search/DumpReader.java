package io.securememory.test.search;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a heap dump from its beginning to its end.
 *
 * <p>A dump has all secrets that were on the heap, and not only those that are looked for. So what is read is in locked
 * memory, and no text of it is made but the names that a report needs.
 */
final class DumpReader implements AutoCloseable {

    private static final int BYTE = 0xff;
    private static final int SHORT = 0xffff;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer buffer;
    private long begin;
    private int at;
    private int filled;
    private int idSize = Long.BYTES;

    /**
     * A heap dump, and memory to read it.
     *
     * @param file the file
     * @param memory native memory of some KiB
     */
    record Source(Path file, ByteBuffer memory) {}

    DumpReader(Source source) throws IOException {
        channel = FileChannel.open(source.file, StandardOpenOption.READ);
        size = channel.size();
        buffer = source.memory.duplicate().order(ByteOrder.BIG_ENDIAN);
    }

    void useIdsOf(int bytes) {
        idSize = bytes;
    }

    int idSize() {
        return idSize;
    }

    long size() {
        return size;
    }

    /** Returns the position in the file. */
    long position() {
        return begin + at;
    }

    boolean isAtEnd() {
        return position() >= size;
    }

    /** Goes on at a position further on. */
    void goTo(long position) {
        long next = position - begin;
        if (next <= filled) {
            at = (int) next;
        } else {
            begin = position;
            at = 0;
            filled = 0;
        }
    }

    /**
     * Reads so many bytes into the buffer.
     *
     * @return the index of the first one for {@link #idAt}
     */
    int need(int count) throws IOException {
        if (filled - at < count) {
            if (count > buffer.capacity()) {
                throw new IOException("the heap dump has an object of " + count + " bytes");
            }
            buffer.limit(filled).position(at).compact();
            begin += at;
            filled -= at;
            at = 0;
            while (filled < count) {
                int read = channel.read(buffer, begin + filled);
                if (read < 0) {
                    throw new EOFException("the heap dump ends in the middle of a record");
                }
                filled += read;
            }
            buffer.clear();
        }
        return at;
    }

    /** Returns how many identifiers are in the buffer after reading at least one. */
    int needIds(int most) throws IOException {
        need(idSize);
        return Math.min(most, (filled - at) / idSize);
    }

    /** Returns an identifier at an index in the buffer. */
    long idAt(int index) {
        return idSize == Long.BYTES ? buffer.getLong(index) : Integer.toUnsignedLong(buffer.getInt(index));
    }

    void skip(int count) {
        goTo(position() + count);
    }

    int readByte() throws IOException {
        need(1);
        return buffer.get(at++) & BYTE;
    }

    int readShort() throws IOException {
        int index = need(Short.BYTES);
        at += Short.BYTES;
        return buffer.getShort(index) & SHORT;
    }

    int readInt() throws IOException {
        int index = need(Integer.BYTES);
        at += Integer.BYTES;
        return buffer.getInt(index);
    }

    long readId() throws IOException {
        int index = need(idSize);
        at += idSize;
        return idAt(index);
    }

    /** Tells whether these bytes follow. */
    boolean isNext(byte[] bytes) throws IOException {
        int index = need(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (buffer.get(index + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Reads a text of one byte a character, or of two. What does not fit into the memory is left out. */
    String readText(int bytes, boolean wide) throws IOException {
        byte[] text = new byte[Math.min(bytes, buffer.capacity())];
        buffer.get(need(text.length), text);
        at += text.length;
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        return new String(
                text,
                !wide ? StandardCharsets.ISO_8859_1 : little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
