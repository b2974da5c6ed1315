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

    private final List<MemoryHit> hits;
    private final @Nullable HeapDump dump;
    private final boolean consistent;

    private Snapshot(List<MemoryHit> hits, @Nullable HeapDump dump, boolean consistent) {
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
            return new Snapshot(hits, null, true);
        }
        limits.tell("writing a heap dump");
        HeapDump dump = HeapDump.write();
        return new Snapshot(hits, dump, collections == collections());
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    List<MemoryHit> hits() {
        return hits;
    }

    HeapDump dump() {
        if (dump == null) {
            throw new IllegalStateException("no dump was asked for");
        }
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
