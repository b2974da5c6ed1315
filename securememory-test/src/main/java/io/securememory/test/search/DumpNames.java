package io.securememory.test.search;

import io.securememory.test.search.DumpOutline.Root;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names of classes, fields, frames and threads in a heap dump. Those that are asked for before they are loaded are
 * noted, and answered with a question mark.
 */
final class DumpNames {

    private static final String UNKNOWN = "?";
    private static final String LAMBDA = "$$Lambda";

    /** More classes have the same name than anyone wants to tell apart. */
    private static final char HIDDEN = '+';

    private record Frame(long method, long source, int type, int line) {}

    private final DumpOutline outline;
    private final Map<Long, String> names = new HashMap<>();
    private final Set<Long> wanted = new HashSet<>();
    private final ThreadNames threads;
    private final Map<Integer, long[]> traces = new HashMap<>();
    private final Map<Long, Frame> frames = new HashMap<>();
    private final Map<Integer, Long> types = new HashMap<>();
    private boolean framesWanted;

    DumpNames(DumpOutline outline) {
        this.outline = outline;
        this.threads = new ThreadNames(outline);
    }

    /** Reads what was asked for. */
    void load(DumpReader.Source dump) throws IOException {
        if (framesWanted) {
            loadFrames(dump);
        }
        new DumpRecords() {
            @Override
            boolean wantsObjects() {
                return false;
            }

            @Override
            void name(long id, int bytes, DumpReader in) throws IOException {
                if (wanted.contains(id)) {
                    names.put(id, readable(in.readText(bytes, false)));
                }
            }
        }.read(dump);
        threads.load(dump);
    }

    private void loadFrames(DumpReader.Source dump) throws IOException {
        new DumpRecords() {
            @Override
            boolean wantsObjects() {
                return false;
            }

            @Override
            void loaded(int serial, long id, long name) {
                types.put(serial, name);
            }

            @Override
            void frame(long id, long method, long source, int type, int line) {
                frames.put(id, new Frame(method, source, type, line));
            }

            @Override
            void trace(int serial, long[] ids) {
                traces.put(serial, ids);
            }
        }.read(dump);
        frames.values().forEach(frame -> {
            wanted.add(frame.method);
            wanted.add(frame.source);
            wanted.add(types.getOrDefault(frame.type, 0L));
        });
    }

    /** A name that was found to be a copy is zeros. */
    static String readable(String text) {
        return text.replaceAll("\\p{Cntrl}", UNKNOWN);
    }

    /** Returns a name. */
    String of(long id) {
        wanted.add(id);
        return names.getOrDefault(id, UNKNOWN);
    }

    /** Returns the name of a class. */
    String type(long id) {
        return type(of(outline.className(id)));
    }

    private static String type(String name) {
        int dimensions = name.lastIndexOf('[') + 1;
        String element = name.substring(dimensions);
        if (dimensions > 0 && element.startsWith("L")) {
            element = element.substring(1, element.length() - 1);
        }
        int lambda = element.indexOf(LAMBDA);
        if (lambda > 0) {
            element = element.substring(0, lambda) + "(lambda)";
        }
        int hidden = element.indexOf(HIDDEN);
        if (hidden > 0) {
            element = element.substring(0, hidden);
        }
        return element.replace('/', '.') + "[]".repeat(dimensions);
    }

    /** Returns what a root is. */
    String root(long id) {
        Root root = outline.root(id);
        if (root == null) {
            return UNKNOWN;
        }
        return switch (root.kind()) {
            case DumpRecords.ROOT_FRAME -> thread(root.thread()) + frame(root);
            case DumpRecords.ROOT_THREAD -> thread(root.thread());
            case DumpRecords.ROOT_MONITOR, DumpRecords.ROOT_THREAD_BLOCK -> "a monitor that a thread has";
            case DumpRecords.ROOT_JNI_LOCAL -> "native code in " + thread(root.thread());
            default -> "native code";
        };
    }

    private String thread(int serial) {
        @Nullable Long id = outline.thread(serial);
        return "thread '" + (id == null ? UNKNOWN : threads.of(id)) + "'";
    }

    private String frame(Root root) {
        framesWanted = true;
        long[] trace = traces.get(outline.trace(root.thread()));
        int number = root.number();
        Frame frame = trace == null || number < 0 || number >= trace.length ? null : frames.get(trace[number]);
        if (frame == null) {
            return "";
        }
        String line = frame.line > 0 ? ":" + frame.line : "";
        return ", frame " + type(of(types.getOrDefault(frame.type, 0L))) + "." + of(frame.method) + "("
                + of(frame.source) + line + ")";
    }
}
