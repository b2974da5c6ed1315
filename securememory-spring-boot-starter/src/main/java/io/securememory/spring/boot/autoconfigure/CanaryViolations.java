package io.securememory.spring.boot.autoconfigure;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Which of the overwritten canaries that were found an operator has acknowledged. */
public final class CanaryViolations {

    private final LongAdder foundByTest = new LongAdder();
    private final AtomicLong acknowledged = new AtomicLong();

    /** With none. */
    public CanaryViolations() {}

    /** Called when the self-test finds one, whose memory the session does not count. */
    public void found() {
        foundByTest.increment();
    }

    /**
     * Counts all that were found since the start.
     *
     * @param counted those that the session has counted
     * @return the sum of these and of those of the self-test
     */
    public long total(long counted) {
        return counted + foundByTest.sum();
    }

    /**
     * Counts those of them that nobody has acknowledged.
     *
     * @param counted those that the session has counted
     * @return zero or more
     */
    public long open(long counted) {
        return Math.max(0, total(counted) - acknowledged.get());
    }

    /**
     * Acknowledges all that were found until now.
     *
     * @param counted those that the session has counted
     * @return how many of them were not acknowledged before
     */
    public long acknowledge(long counted) {
        return acknowledgeFirst(total(counted));
    }

    /**
     * Acknowledges those that were found until there were so many. One that nobody has seen yet stays open.
     *
     * @param total so many, since the start
     * @return how many of them were not acknowledged before
     */
    public long acknowledgeFirst(long total) {
        long before = acknowledged.getAndAccumulate(total, Math::max);
        return Math.max(0, total - before);
    }
}
