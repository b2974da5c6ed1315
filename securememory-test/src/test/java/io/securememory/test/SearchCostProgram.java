package io.securememory.test;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Measures one search in a heap of a given size. One half of it is objects that refer to each other, the other half is arrays
 * of random bytes. A static variable holds the one copy.
 */
final class SearchCostProgram {

    private static final int MB = 1024 * 1024;

    /** Bytes of a {@link Link}, with compressed references. */
    private static final int LINK_BYTES = 24;

    private static final List<Object> HEAP = new ArrayList<>();

    private static String leak = "";

    private static final class Link {
        private final Link one;
        private final Link other;
        private final int number;

        Link(Link one, Link other, int number) {
            this.one = one;
            this.other = other;
            this.number = number;
        }
    }

    private SearchCostProgram() {}

    public static void main(String[] arguments) {
        int megabytes = Integer.parseInt(arguments[0]);
        fill(megabytes);
        try (SecureMemory session = SecureMemory.create();
                Secret secret = session.secrets().createRandom(39)) {
            leak = secret.withHeapBytes(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
            long before = usedHeap();
            resetPeaks();
            long lockedBefore = session.status().lockedBytes();
            long begin = System.nanoTime();
            ResidueReport report = ResidueSearch.of(secret)
                    .named("key")
                    .within(Duration.ofMinutes(5))
                    .onProgress(progress ->
                            LOCKED[0] = Math.max(LOCKED[0], session.status().lockedBytes() - lockedBefore))
                    .run();
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    "%d MB: %.1f s, heap used meanwhile %d MB (with garbage), locked %d KiB%n",
                    megabytes, seconds, Math.max(0, peaks() - before) / MB, LOCKED[0] / 1024);
            System.out.println(report);
            System.out.println("unproven " + report.unproven() + ", objects " + HEAP.size() + ", " + leak.length());
        }
    }

    private static final long[] LOCKED = new long[1];

    private static void fill(int megabytes) {
        Random random = new Random(megabytes);
        long arrays = megabytes * (long) MB / 2;
        while (arrays > 0) {
            byte[] bytes = new byte[64 + random.nextInt(4001)];
            random.nextBytes(bytes);
            HEAP.add(bytes);
            arrays -= bytes.length;
        }
        Link[] recent = new Link[1024];
        long links = megabytes * (long) MB / 2 / LINK_BYTES;
        for (int i = 0; i < links; i++) {
            int place = random.nextInt(recent.length);
            recent[place] = new Link(recent[place], recent[random.nextInt(recent.length)], i);
        }
        HEAP.add(recent);
    }

    private static long usedHeap() {
        System.gc();
        return pools(MemoryPoolMXBean::getUsage);
    }

    private static void resetPeaks() {
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    private static long peaks() {
        return pools(MemoryPoolMXBean::getPeakUsage);
    }

    private static long pools(java.util.function.Function<MemoryPoolMXBean, java.lang.management.MemoryUsage> usage) {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> usage.apply(pool).getUsed())
                .sum();
    }
}
