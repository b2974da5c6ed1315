package io.securememory.benchmarks;

import java.util.List;

/** One thing to run for one or more measurements. */
interface Step {

    /** What it measures. */
    List<Key> yields();

    /**
     * Measures.
     *
     * @throws Unavailable if this machine cannot
     * @throws Exception if it fails though it should not
     */
    List<Measurement> run(Effort effort) throws Exception;
}
