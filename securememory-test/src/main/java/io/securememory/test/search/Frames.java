package io.securememory.test.search;

import java.io.File;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import shark.GcRoot;
import shark.HeapField;
import shark.HeapGraph;
import shark.HeapObject;
import shark.HprofHeader;
import shark.HprofRecord.StackFrameRecord;
import shark.HprofRecordTag;
import shark.LeakTrace.GcRootType;
import shark.OnHprofRecordTagListener;
import shark.StreamingHprofReader;

/** The roots of the garbage collector in a heap dump, for people: threads with their names and frames, and others. */
final class Frames {

    /** HotSpot writes all that is needed here in front of the objects. */
    private static final Set<HprofRecordTag> BEFORE_OBJECTS = EnumSet.of(
            HprofRecordTag.STRING_IN_UTF8,
            HprofRecordTag.LOAD_CLASS,
            HprofRecordTag.STACK_FRAME,
            HprofRecordTag.STACK_TRACE);

    private final HeapGraph graph;
    private final Map<Long, GcRoot.JavaFrame> locals = new HashMap<>();
    private final Map<Integer, GcRoot.ThreadObject> threads = new HashMap<>();
    private final Map<Integer, long[]> traces = new HashMap<>();
    private final Map<Long, StackFrameRecord> frames = new HashMap<>();
    private final Map<Integer, Long> classNames = new HashMap<>();
    private final Map<Long, String> names = new HashMap<>();

    Frames(File dump, HeapGraph graph) {
        this.graph = graph;
        for (GcRoot root : graph.getGcRoots()) {
            if (root instanceof GcRoot.JavaFrame frame) {
                locals.putIfAbsent(frame.getId(), frame);
            } else if (root instanceof GcRoot.ThreadObject thread) {
                threads.put(thread.getThreadSerialNumber(), thread);
            }
        }
        readUntilObjects(dump, (tag, length, reader) -> {
            switch (tag) {
                case LOAD_CLASS -> {
                    var loaded = reader.readLoadClassRecord();
                    classNames.put(loaded.getClassSerialNumber(), loaded.getClassNameStringId());
                }
                case STACK_FRAME -> {
                    StackFrameRecord frame = reader.readStackFrameRecord();
                    frames.put(frame.getId(), frame);
                }
                case STACK_TRACE -> {
                    var trace = reader.readStackTraceRecord();
                    traces.put(trace.getStackTraceSerialNumber(), trace.getStackFrameIds());
                }
                default -> reader.skip(length);
            }
        });
        readNames(dump);
    }

    private void readNames(File dump) {
        frames.values().forEach(frame -> {
            names.put(frame.getMethodNameStringId(), "?");
            names.put(frame.getSourceFileNameStringId(), "?");
            names.put(classNames.getOrDefault(frame.getClassSerialNumber(), 0L), "?");
        });
        readUntilObjects(dump, (tag, length, reader) -> {
            if (tag == HprofRecordTag.STRING_IN_UTF8) {
                long id = reader.readId();
                String text = reader.readUtf8(length - graph.getIdentifierByteSize());
                names.computeIfPresent(id, (same, ignored) -> text);
            } else {
                reader.skip(length);
            }
        });
    }

    private static void readUntilObjects(File dump, OnHprofRecordTagListener listener) {
        HprofHeader header = HprofHeader.Companion.parseHeaderOf(dump);
        EnumSet<HprofRecordTag> tags = EnumSet.allOf(HprofRecordTag.class);
        try {
            StreamingHprofReader.Companion.readerFor(dump, header).readRecords(tags, (tag, length, reader) -> {
                if (!BEFORE_OBJECTS.contains(tag)) {
                    throw new ObjectsBegin();
                }
                listener.onHprofRecord(tag, length, reader);
            });
        } catch (ObjectsBegin e) {
            return; // All that is needed was read.
        }
    }

    /** Returns the frame and the thread that have an object in a variable. */
    String local(long id) {
        GcRoot.JavaFrame local = locals.get(id);
        if (local == null) {
            return "a local variable";
        }
        GcRoot.ThreadObject thread = threads.get(local.getThreadSerialNumber());
        String name = thread == null ? "?" : threadName(thread.getId());
        return "thread '" + name + "'" + frame(thread, local.getFrameNumber());
    }

    private String frame(GcRoot.@Nullable ThreadObject thread, int number) {
        long[] trace = thread == null ? null : traces.get(thread.getStackTraceSerialNumber());
        StackFrameRecord frame =
                trace == null || number < 0 || number >= trace.length ? null : frames.get(trace[number]);
        if (frame == null) {
            return "";
        }
        String type = names.getOrDefault(classNames.getOrDefault(frame.getClassSerialNumber(), 0L), "?");
        String line = frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "";
        return ", frame " + type.replace('/', '.') + "." + names.get(frame.getMethodNameStringId()) + "("
                + names.get(frame.getSourceFileNameStringId()) + line + ")";
    }

    /** Returns what a root is. */
    String root(long id, GcRootType type) {
        return switch (type) {
            case JAVA_FRAME -> local(id);
            case THREAD_OBJECT -> "thread '" + threadName(id) + "'";
            case STICKY_CLASS -> "class " + className(id);
            case JNI_GLOBAL, JNI_LOCAL, JNI_MONITOR, NATIVE_STACK -> "native code";
            case MONITOR_USED, THREAD_BLOCK -> "a thread";
        };
    }

    private String className(long id) {
        HeapObject object = graph.findObjectByIdOrNull(id);
        return object == null || object.getAsClass() == null
                ? "?"
                : object.getAsClass().getName();
    }

    private String threadName(long id) {
        HeapObject object = graph.findObjectByIdOrNull(id);
        HeapObject.HeapInstance thread = object == null ? null : object.getAsInstance();
        HeapField field = thread == null ? null : thread.get("java.lang.Thread", "name");
        String name = field == null ? null : field.getValue().readAsJavaString();
        return name == null ? "?" : name;
    }

    /** Ends reading. */
    private static final class ObjectsBegin extends RuntimeException {
        private static final long serialVersionUID = 1;

        ObjectsBegin() {
            super(null, null, false, false);
        }
    }
}
