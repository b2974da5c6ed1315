package io.securememory.spring.boot.autoconfigure;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts the overwritten canaries that were found, and how many of them an operator has acknowledged. */
public final class CanaryViolations {

    private final LongAdder foundByTest = new LongAdder();
    private final AtomicLong acknowledged = new AtomicLong();

    /** Creates an instance without violations. */
    public CanaryViolations() {}

    /** Adds a violation that the self-test has found. The session does not count the self-test's memory. */
    public void found() {
        foundByTest.increment();
    }

    /**
     * Counts all violations since the start.
     *
     * @param counted the number that the session has counted
     * @return the sum of that number and the violations that the self-test has found
     */
    public long total(long counted) {
        return counted + foundByTest.sum();
    }

    /**
     * Counts the violations that nobody has acknowledged.
     *
     * @param counted the number that the session has counted
     * @return zero or more
     */
    public long open(long counted) {
        return Math.max(0, total(counted) - acknowledged.get());
    }

    /**
     * Acknowledges all violations until now.
     *
     * @param counted the number that the session has counted
     * @return how many of them were not acknowledged before
     */
    public long acknowledge(long counted) {
        return acknowledgeFirst(total(counted));
    }

    /**
     * Acknowledges the first violations, up to a total that an operator has seen. Violations after that stay open.
     *
     * @param total the number of violations since the start that the operator has seen
     * @return how many of them were not acknowledged before
     */
    public long acknowledgeFirst(long total) {
        long before = acknowledged.getAndAccumulate(total, Math::max);
        return Math.max(0, total - before);
    }
}
