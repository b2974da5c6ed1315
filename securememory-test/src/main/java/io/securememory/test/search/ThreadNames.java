package io.securememory.test.search;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Names of threads in a heap dump. Those that are asked for before they are loaded are noted. */
final class ThreadNames {

    private static final int UTF_16 = 1;

    /** The name of a thread: its String's array, and how its characters are written. */
    private record Text(long array, boolean wide) {}

    private final DumpOutline outline;
    private final Set<Long> wanted = new HashSet<>();
    private final Map<Long, Long> strings = new HashMap<>();
    private final Map<Long, Text> texts = new HashMap<>();
    private final Map<Long, String> contents = new HashMap<>();

    ThreadNames(DumpOutline outline) {
        this.outline = outline;
    }

    String of(long thread) {
        wanted.add(thread);
        Text text = texts.getOrDefault(strings.getOrDefault(thread, 0L), new Text(0, false));
        return contents.getOrDefault(text.array, "?");
    }

    /** Reads what was asked for: the threads, then their Strings, then the characters. */
    void load(DumpReader.Source dump) throws IOException {
        if (!wanted.isEmpty()) {
            loadThreads(dump);
            loadStrings(dump);
            loadCharacters(dump);
        }
    }

    private void loadThreads(DumpReader.Source dump) throws IOException {
        new DumpRecords() {
            @Override
            void instance(long id, long type, int bytes, DumpReader in) throws IOException {
                if (wanted.contains(id)) {
                    int field = outline.offset(type, DumpOutline.THREAD, "name");
                    if (field >= 0) {
                        strings.put(id, in.idAt(in.need(bytes) + field));
                    }
                }
            }
        }.read(dump);
    }

    private void loadStrings(DumpReader.Source dump) throws IOException {
        Set<Long> ids = new HashSet<>(strings.values());
        new DumpRecords() {
            @Override
            void instance(long id, long type, int bytes, DumpReader in) throws IOException {
                if (ids.contains(id)) {
                    int value = outline.offset(type, DumpOutline.STRING, "value");
                    int coder = outline.offset(type, DumpOutline.STRING, "coder");
                    if (value >= 0 && coder >= 0) {
                        long array = in.idAt(in.need(bytes) + value);
                        in.skip(coder);
                        texts.put(id, new Text(array, in.readByte() == UTF_16));
                    }
                }
            }
        }.read(dump);
    }

    private void loadCharacters(DumpReader.Source dump) throws IOException {
        Map<Long, Boolean> arrays = new HashMap<>();
        texts.values().forEach(text -> arrays.put(text.array, text.wide));
        new DumpRecords() {
            @Override
            void numbers(long id, int type, int length, DumpReader in) throws IOException {
                Boolean wide = arrays.get(id);
                if (wide != null) {
                    contents.put(id, DumpNames.readable(in.readText(length * SIZES[type], wide)));
                }
            }
        }.read(dump);
    }
}
