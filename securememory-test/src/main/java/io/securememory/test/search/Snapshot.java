package io.securememory.test.search;

import io.securememory.test.search.ProcessScan.MemoryHit;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the process, searched, and a heap dump that was written directly afterwards. If the garbage collector
 * has not worked meanwhile, the addresses of both are the same.
 */
final class Snapshot implements AutoCloseable {

    static final int ATTEMPTS = 3;

    private final List<Mapping> mappings;
    private final List<MemoryHit> hits;
    private final @Nullable HeapDump dump;
    private final boolean consistent;

    private Snapshot(List<Mapping> mappings, List<MemoryHit> hits, @Nullable HeapDump dump, boolean consistent) {
        this.mappings = mappings;
        this.hits = hits;
        this.dump = dump;
        this.consistent = consistent;
    }

    /**
     * Searches the memory and writes a dump, as long as the garbage collector comes between, but not for ever.
     *
     * @param memory searches the memory; null if it cannot be read
     * @param withDump whether a dump is needed
     */
    static Snapshot take(@Nullable ProcessScan memory, boolean withDump, Limits limits) throws IOException {
        for (int attempt = 1; true; attempt++) {
            Snapshot snapshot = once(memory, withDump, limits);
            if (snapshot.consistent || attempt == ATTEMPTS || limits.isOver()) {
                return snapshot;
            }
            snapshot.close();
        }
    }

    private static Snapshot once(@Nullable ProcessScan memory, boolean withDump, Limits limits) throws IOException {
        List<Mapping> mappings = memory == null ? List.of() : Mapping.all();
        long collections = collections();
        List<MemoryHit> hits = memory == null ? List.of() : memory.run(mappings);
        if (!withDump) {
            return new Snapshot(mappings, hits, null, true);
        }
        if (limits.isOver()) {
            limits.leaveOut("the heap: the time was over before its dump was written");
            return new Snapshot(mappings, hits, null, true);
        }
        limits.tell("writing a heap dump");
        try {
            HeapDump dump = HeapDump.write();
            return new Snapshot(mappings, hits, dump, collections == collections());
        } catch (IOException e) {
            limits.leaveOut("the heap: its dump could not be written: " + e.getMessage());
            return new Snapshot(mappings, hits, null, true);
        }
    }

    /** Without its module no dump is written either. */
    private static long collections() {
        try {
            return ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                    .sum();
        } catch (LinkageError e) {
            return 0;
        }
    }

    /** Returns the mappings of the process before it was searched. */
    List<Mapping> mappings() {
        return mappings;
    }

    List<MemoryHit> hits() {
        return hits;
    }

    /** Returns the dump, or null if none was asked for or it could not be written. */
    @Nullable
    HeapDump dump() {
        return dump;
    }

    boolean isConsistent() {
        return consistent;
    }

    @Override
    public void close() throws IOException {
        if (dump != null) {
            dump.close();
        }
    }
}
