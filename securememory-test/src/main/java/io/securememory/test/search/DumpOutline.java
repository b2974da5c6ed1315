package io.securememory.test.search;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The classes and roots of a heap dump. */
final class DumpOutline extends DumpRecords {

    static final String STRING = "java/lang/String";
    static final String THREAD = "java/lang/Thread";

    private static final String REFERENT = "referent";
    private static final String FINALIZER = "java/lang/ref/Finalizer";

    /** Classes whose referent is not kept by them. Soft references keep theirs, for a while. */
    private static final Set<String> WEAK = Set.of(
            "java/lang/ref/WeakReference", "java/lang/ref/PhantomReference", "java/lang/ref/FinalReference", FINALIZER);

    /** The list of all objects that have to be finalized keeps none of them. */
    private static final Set<String> OF_FINALIZER = Set.of("next", "prev");

    /** Names that mean something for the search, by their length. */
    private static final Map<Integer, List<String>> KNOWN = Stream.concat(
                    WEAK.stream(), Stream.of(STRING, THREAD, REFERENT, "next", "prev", "name", "value", "coder"))
            .collect(Collectors.groupingBy(String::length));

    /** A field of a class that may have an object. */
    record Field(int offset, long type, long name) {}

    /** A root. */
    record Root(int kind, int thread, int number) {}

    /** A class with its own fields, in the order of an object. */
    private static final class Type {
        private final long parent;
        private final int[] types;
        private final long[] names;

        Type(long parent, int[] types, long[] names) {
            this.parent = parent;
            this.types = types;
            this.names = names;
        }
    }

    private final Map<Long, String> known = new HashMap<>();
    private final Map<Long, Long> classNames = new HashMap<>();
    private final Map<Long, Type> types = new HashMap<>();
    private final LongIndex withFields = new LongIndex();
    private final List<Field[]> fields = new ArrayList<>();
    private final Map<Long, Root> roots = new HashMap<>();
    private final Map<Integer, Long> threads = new HashMap<>();
    private final Map<Integer, Integer> traces = new HashMap<>();
    private int idSize;

    private DumpOutline() {}

    static DumpOutline of(DumpReader.Source dump) throws IOException {
        DumpOutline outline = new DumpOutline();
        outline.read(dump);
        return outline;
    }

    @Override
    void name(long id, int bytes, DumpReader in) throws IOException {
        for (String name : KNOWN.getOrDefault(bytes, List.of())) {
            if (in.isNext(name.getBytes(StandardCharsets.US_ASCII))) {
                known.put(id, name);
            }
        }
    }

    @Override
    void loaded(int serial, long id, long name) {
        classNames.put(id, name);
    }

    @Override
    void root(int kind, long id, int first, int second) {
        Root known = roots.get(id);
        if (known == null || rank(kind) > rank(known.kind)) {
            roots.put(id, new Root(kind, first, second));
        }
        if (kind == ROOT_THREAD) {
            threads.put(first, id);
            traces.put(first, second);
        }
    }

    /** That a thread has an object in a variable says more than that native code has it, too. */
    private static int rank(int kind) {
        return kind == ROOT_THREAD ? 2 : kind == ROOT_FRAME ? 1 : 0;
    }

    @Override
    void type(long id, long parent, long loader, DumpReader in) throws IOException {
        idSize = in.idSize();
        skipConstants(in);
        for (int i = in.readShort(); i > 0; i--) {
            in.readId();
            skipValue(in.readByte(), in);
        }
        int count = in.readShort();
        int[] kinds = new int[count];
        long[] names = new long[count];
        for (int i = 0; i < count; i++) {
            names[i] = in.readId();
            kinds[i] = in.readByte();
        }
        types.put(id, new Type(parent, kinds, names));
    }

    boolean isClass(long id) {
        return types.containsKey(id);
    }

    @Nullable
    Root root(long id) {
        return roots.get(id);
    }

    @Nullable
    Long thread(int serial) {
        return threads.get(serial);
    }

    /** Returns the number of the stack of a thread. */
    int trace(int serial) {
        return traces.getOrDefault(serial, 0);
    }

    /** Returns the name of a class, as an identifier. */
    long className(long type) {
        return classNames.getOrDefault(type, 0L);
    }

    boolean isString(long type) {
        return STRING.equals(known.get(className(type)));
    }

    /** Returns the fields of a class and of its parents that keep objects, with their places in an object. */
    Field[] fields(long type) {
        int known = withFields.find(type);
        if (known < 0) {
            known = withFields.add(type);
            fields.add(keeping(type).toArray(Field[]::new));
        }
        return fields.get(known);
    }

    private List<Field> keeping(long type) {
        boolean weak = isWeak(type);
        List<Field> all = new ArrayList<>();
        int offset = 0;
        for (long each = type; each != 0; ) {
            Type info = types.get(each);
            if (info == null) {
                return all;
            }
            for (int i = 0; i < info.types.length; i++) {
                if (info.types[i] == OBJECT) {
                    String name = known.get(info.names[i]);
                    boolean keeps = !(weak && REFERENT.equals(name))
                            && !(OF_FINALIZER.contains(name == null ? "" : name) && is(each, FINALIZER));
                    if (keeps) {
                        all.add(new Field(offset, each, info.names[i]));
                    }
                    offset += idSize;
                } else {
                    offset += SIZES[info.types[i]];
                }
            }
            each = info.parent;
        }
        return all;
    }

    private boolean is(long type, String name) {
        return name.equals(known.get(className(type)));
    }

    private boolean isWeak(long type) {
        for (long each = type; each != 0; ) {
            Type info = types.get(each);
            if (info == null) {
                return false;
            }
            String name = known.get(className(each));
            if (name != null && WEAK.contains(name)) {
                return true;
            }
            each = info.parent;
        }
        return false;
    }

    /** Returns the place of a field in an object, or -1. */
    int offset(long type, String owner, String field) {
        int offset = 0;
        for (long each = type; each != 0; ) {
            Type info = types.get(each);
            if (info == null) {
                return -1;
            }
            for (int i = 0; i < info.types.length; i++) {
                if (is(each, owner) && field.equals(known.get(info.names[i]))) {
                    return offset;
                }
                offset += info.types[i] == OBJECT ? idSize : SIZES[info.types[i]];
            }
            each = info.parent;
        }
        return -1;
    }
}
