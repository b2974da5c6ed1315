package io.securememory.jca.engine;

import io.securememory.libcrypto.KeyLibrary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Native memory for what a call of libcrypto needs and is not secret: arrays of parameters, lengths, digests and
 * signatures. It is ordinary memory, and is used again.
 *
 * <p>Pointers must be here, and not in the locked memory that a key is computed with: a purge overwrites that with zeros
 * at any moment, and libcrypto would follow a pointer that has become zero.
 *
 * <p><b>Threading.</b> A frame is used by one thread at a time.
 *
 * @see <a href="https://docs.openssl.org/3.0/man3/OSSL_PARAM/">OSSL_PARAM(3)</a>
 */
final class NativeFrame implements AutoCloseable {

    /** The parameter is a signed integer in the byte order of the machine. */
    static final int INTEGER = 1;

    /** The parameter is an unsigned integer in the byte order of the machine. */
    static final int UNSIGNED_INTEGER = 2;

    /** The parameter is text. Its size does not count the zero. */
    static final int UTF8_STRING = 4;

    /** The parameter is a string of bytes. */
    static final int OCTET_STRING = 5;

    private static final int SIZE = 16 * 1024;

    /** What is longer gets memory of its own. As long as the longest number of a supported key. */
    private static final int LONGEST = 2048;

    private static final int MOST_IDLE = 64;

    /** The layout of an OSSL_PARAM with pointers of eight bytes. */
    private static final int PARAM_TYPE = 8;

    private static final int PARAM_DATA = 16;
    private static final int PARAM_LENGTH = 24;
    private static final int PARAM_RETURNED = 32;
    private static final int PARAM_SIZE = 40;
    private static final long UNMODIFIED = -1;

    private static final ConcurrentLinkedDeque<ByteBuffer> IDLE = new ConcurrentLinkedDeque<>();
    private static final AtomicInteger IDLE_COUNT = new AtomicInteger();

    private final KeyLibrary library;
    private final ByteBuffer bytes;
    private final long address;

    /** Buffers of what is too long for the frame. */
    private final List<ByteBuffer> longer = new ArrayList<>(0);

    private int used;

    private NativeFrame(KeyLibrary library, ByteBuffer bytes) {
        this.library = library;
        this.bytes = bytes;
        this.address = library.addressOf(bytes);
    }

    /** Takes a frame. The caller closes it when libcrypto has returned and has no address of it any more. */
    static NativeFrame take(KeyLibrary library) {
        ByteBuffer idle = IDLE.pollFirst();
        if (idle != null) {
            IDLE_COUNT.decrementAndGet();
            return new NativeFrame(library, idle);
        }
        return new NativeFrame(library, ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder()));
    }

    KeyLibrary library() {
        return library;
    }

    /** Reserves memory, which may contain anything. Returns its address, a multiple of eight. */
    long reserve(int length) {
        int at = used + 7 & -8;
        if (length > LONGEST) {
            ByteBuffer own = ByteBuffer.allocateDirect(Math.max(1, length)).order(ByteOrder.nativeOrder());
            longer.add(own);
            return library.addressOf(own);
        }
        if (length > bytes.capacity() - at) {
            throw new IllegalStateException("a frame is for one call and its arguments");
        }
        used = at + length;
        return address + at;
    }

    /** Copies bytes into the frame. Returns their address. */
    long put(byte[] source) {
        return put(source, 0, source.length);
    }

    /** Copies bytes into the frame. Returns their address. */
    long put(byte[] source, int from, int length) {
        long to = reserve(length);
        if (isWithin(to)) {
            bytes.put((int) (to - address), source, from, length);
        } else {
            longer.get(longer.size() - 1).put(0, source, from, length);
        }
        return to;
    }

    private boolean isWithin(long where) {
        return where >= address && where < address + bytes.capacity();
    }

    /** Reserves a word, for a length or a pointer that libcrypto reads or writes. */
    long word(long value) {
        long to = reserve(Long.BYTES);
        bytes.putLong((int) (to - address), value);
        return to;
    }

    /** Returns the value of a word. */
    long word(long where, boolean isInt) {
        int at = (int) (where - address);
        return isInt ? bytes.getInt(at) : bytes.getLong(at);
    }

    /** Copies bytes out of the frame. */
    byte[] get(long from, int length) {
        byte[] copy = new byte[length];
        bytes.get((int) (from - address), copy, 0, length);
        return copy;
    }

    /** Copies bytes out of the frame into an array. */
    void get(long from, byte[] target, int to, int length) {
        bytes.get((int) (from - address), target, to, length);
    }

    /** Reserves an array of parameters. */
    Params params(int most) {
        return new Params(most);
    }

    @Override
    public void close() {
        longer.clear();
        if (IDLE_COUNT.incrementAndGet() <= MOST_IDLE) {
            IDLE.addFirst(bytes);
        } else {
            IDLE_COUNT.decrementAndGet();
        }
    }

    /** An array of OSSL_PARAM. */
    final class Params {

        private final int begin;
        private final int most;
        private int count;

        private Params(int most) {
            this.most = most;
            this.begin = (int) (reserve((most + 1) * PARAM_SIZE) - address);
        }

        /** Adds a parameter whose value is anywhere in native memory, where it must stay until the call is over. */
        Params add(CString key, int type, long value, long size) {
            if (count == most) {
                throw new IllegalStateException("too many parameters");
            }
            write(begin + count++ * PARAM_SIZE, key.at(library), type, value, size);
            return this;
        }

        /** Adds a constant text. */
        Params add(CString key, CString value) {
            return add(key, UTF8_STRING, value.at(library), value.length());
        }

        /** Adds a number, as a signed integer: for some parameters libcrypto takes no other type. */
        Params add(CString key, long value) {
            return add(key, INTEGER, word(value), Long.BYTES);
        }

        private void write(int at, long key, int type, long value, long size) {
            bytes.putLong(at, key);
            bytes.putLong(at + PARAM_TYPE, 0); // With the bytes after it that are not used.
            bytes.putInt(at + PARAM_TYPE, type);
            bytes.putLong(at + PARAM_DATA, value);
            bytes.putLong(at + PARAM_LENGTH, size);
            bytes.putLong(at + PARAM_RETURNED, UNMODIFIED);
        }

        /** Ends the array, and returns its address. */
        long end() {
            write(begin + count * PARAM_SIZE, 0, 0, 0, 0);
            return address + begin;
        }

        /** Returns how long the value is that libcrypto has written to a parameter. */
        int lengthOf(int index) {
            return (int) bytes.getLong(begin + index * PARAM_SIZE + PARAM_RETURNED);
        }
    }
}
