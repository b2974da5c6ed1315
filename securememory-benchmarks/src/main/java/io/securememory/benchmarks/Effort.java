package io.securememory.benchmarks;

/**
 * How long to measure.
 *
 * @param name name in the report
 * @param forks virtual machines of each benchmark
 * @param warmups iterations that are not counted
 * @param iterations iterations of each fork that are
 * @param iterationMillis length of an iteration
 * @param floorSamples samples of the C program, before and again after the others of its group
 * @param programs runs of what takes a virtual machine of its own
 */
record Effort(
        String name, int forks, int warmups, int iterations, int iterationMillis, int floorSamples, int programs) {

    static final Effort FULL = new Effort("full", 2, 6, 10, 500, 10, 10);

    /** Everything, where there is no time for more. Its errors are larger. */
    static final Effort BRIEF = new Effort("brief", 1, 5, 6, 250, 5, 6);

    static final Effort QUICK = new Effort("quick", 1, 5, 10, 250, 8, 4);

    /** Shows that everything runs. Its figures mean nothing. */
    static final Effort SMOKE = new Effort("smoke", 1, 1, 2, 50, 2, 1);

    /** Samples of {@code openssl speed}, each of which takes a second. */
    int opensslSamples() {
        return (programs + 2) / 3;
    }

    /** Milliseconds of a sample of the C program. */
    int floorMillis() {
        return iterationMillis / 2;
    }
}
