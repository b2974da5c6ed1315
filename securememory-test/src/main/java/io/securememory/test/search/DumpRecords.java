package io.securememory.test.search;

import java.io.IOException;

/**
 * Passes over the records of a heap dump. Whoever is interested in some overrides their methods, which may read the
 * record or leave it. Source: hprof_b_spec.h, and HotSpot's heapDumper.cpp.
 */
abstract class DumpRecords {

    /** Bytes of a value by its type, which is the index. The identifiers of objects, type 2, are not among them. */
    static final int[] SIZES = {0, 0, 0, 0, 1, 2, 4, 8, 1, 2, 4, 8};

    static final int OBJECT = 2;

    private static final int NAME = 0x01;
    private static final int LOAD_CLASS = 0x02;
    private static final int FRAME = 0x04;
    private static final int TRACE = 0x05;
    private static final int HEAP = 0x0C;
    private static final int HEAP_SEGMENT = 0x1C;

    static final int ROOT_JNI_GLOBAL = 0x01;
    static final int ROOT_JNI_LOCAL = 0x02;
    static final int ROOT_FRAME = 0x03;
    static final int ROOT_NATIVE_STACK = 0x04;
    static final int ROOT_CLASS = 0x05;
    static final int ROOT_THREAD_BLOCK = 0x06;
    static final int ROOT_MONITOR = 0x07;
    static final int ROOT_THREAD = 0x08;
    static final int ROOT_UNKNOWN = 0xFF;

    private static final int CLASS = 0x20;
    private static final int INSTANCE = 0x21;
    private static final int OBJECT_ARRAY = 0x22;
    private static final int NUMBERS = 0x23;

    /** The numbers behind the identifier of a root: two of a thread, and so on. */
    private static final int SERIAL = Integer.BYTES;

    /** Reads a name of so many bytes. */
    void name(long id, int bytes, DumpReader in) throws IOException {}

    /** Takes a class and its name. */
    void loaded(int serial, long id, long name) throws IOException {}

    /** Takes a frame of a stack. */
    void frame(long id, long method, long source, int classSerial, int line) throws IOException {}

    /** Takes the frames of a stack. */
    void trace(int serial, long[] frames) throws IOException {}

    /** Tells whether the objects and roots are wanted. */
    boolean wantsObjects() {
        return true;
    }

    /**
     * Takes a root.
     *
     * @param first the number of a thread
     * @param second the number of a frame, or of the stack of a thread
     */
    void root(int kind, long id, int first, int second) throws IOException {}

    /** Reads the fields of a class, from the number of its constants on. */
    void type(long id, long parent, long loader, DumpReader in) throws IOException {
        skipConstants(in);
        for (int i = in.readShort(); i > 0; i--) {
            in.readId();
            skipValue(in.readByte(), in);
        }
        in.skip(in.readShort() * (in.idSize() + 1));
    }

    /** Reads the fields of an object. */
    void instance(long id, long type, int bytes, DumpReader in) throws IOException {}

    /** Reads the elements of an array of objects. */
    void objects(long id, long type, int length, DumpReader in) throws IOException {}

    /** Reads the elements of an array of numbers or characters. */
    void numbers(long id, int type, int length, DumpReader in) throws IOException {}

    /** Tells whether no more records are wanted. */
    boolean isDone() {
        return false;
    }

    /** Reads all records. */
    final void read(DumpReader.Source dump) throws IOException {
        try (DumpReader in = new DumpReader(dump)) {
            int ofName;
            do {
                ofName = in.readByte();
            } while (ofName != 0);
            in.useIdsOf(in.readInt());
            in.skip(Long.BYTES);
            while (!in.isAtEnd() && !isDone()) {
                int tag = in.readByte();
                in.skip(Integer.BYTES);
                long length = Integer.toUnsignedLong(in.readInt());
                long end = in.position() + length;
                record(tag, (int) length, end, in);
                in.goTo(end);
            }
        }
    }

    private void record(int tag, int length, long end, DumpReader in) throws IOException {
        switch (tag) {
            case NAME -> name(in.readId(), length - in.idSize(), in);
            case LOAD_CLASS -> {
                int serial = in.readInt();
                long id = in.readId();
                in.skip(Integer.BYTES);
                loaded(serial, id, in.readId());
            }
            case FRAME -> {
                long id = in.readId();
                long method = in.readId();
                in.readId();
                frame(id, method, in.readId(), in.readInt(), in.readInt());
            }
            case TRACE -> {
                int serial = in.readInt();
                in.skip(Integer.BYTES);
                long[] frames = new long[in.readInt()];
                for (int i = 0; i < frames.length; i++) {
                    frames[i] = in.readId();
                }
                trace(serial, frames);
            }
            case HEAP, HEAP_SEGMENT -> objects(end, in);
            default -> in.goTo(end);
        }
    }

    private void objects(long end, DumpReader in) throws IOException {
        while (wantsObjects() && in.position() < end && !isDone()) {
            int tag = in.readByte();
            long id = in.readId();
            switch (tag) {
                case INSTANCE -> {
                    in.skip(SERIAL);
                    long type = in.readId();
                    int bytes = in.readInt();
                    long next = in.position() + bytes;
                    instance(id, type, bytes, in);
                    in.goTo(next);
                }
                case OBJECT_ARRAY -> {
                    in.skip(SERIAL);
                    int length = in.readInt();
                    long type = in.readId();
                    long next = in.position() + (long) length * in.idSize();
                    objects(id, type, length, in);
                    in.goTo(next);
                }
                case NUMBERS -> {
                    in.skip(SERIAL);
                    int length = in.readInt();
                    int type = in.readByte();
                    long next = in.position() + (long) length * SIZES[type];
                    numbers(id, type, length, in);
                    in.goTo(next);
                }
                case CLASS -> type(id, in);
                default -> root(tag, id, in);
            }
        }
    }

    private void type(long id, DumpReader in) throws IOException {
        in.skip(SERIAL);
        long parent = in.readId();
        long loader = in.readId();
        in.skip(4 * in.idSize() + Integer.BYTES);
        type(id, parent, loader, in);
    }

    private void root(int tag, long id, DumpReader in) throws IOException {
        switch (tag) {
            case ROOT_UNKNOWN, ROOT_CLASS, ROOT_MONITOR -> root(tag, id, 0, 0);
            case ROOT_JNI_GLOBAL -> {
                in.readId();
                root(tag, id, 0, 0);
            }
            case ROOT_NATIVE_STACK, ROOT_THREAD_BLOCK -> root(tag, id, in.readInt(), 0);
            case ROOT_JNI_LOCAL, ROOT_FRAME, ROOT_THREAD -> root(tag, id, in.readInt(), in.readInt());
            default -> throw new IOException("the heap dump has a record of an unknown kind: " + tag);
        }
    }

    static void skipConstants(DumpReader in) throws IOException {
        for (int i = in.readShort(); i > 0; i--) {
            in.readShort();
            skipValue(in.readByte(), in);
        }
    }

    static void skipValue(int type, DumpReader in) throws IOException {
        in.need(Long.BYTES);
        in.skip(type == OBJECT ? in.idSize() : SIZES[type]);
    }
}
