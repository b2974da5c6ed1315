package io.securememory.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;

/**
 * What measures on this machine.
 *
 * @param java the Java that runs the benchmarks
 * @param java17 the oldest supported Java, if it is installed
 * @param floor the C program, if there is a compiler
 * @param reasonOfNoFloor why there is none
 * @param log where JMH tells what it does
 */
record Tools(Jvm java, Optional<Jvm> java17, Optional<Floor> floor, String reasonOfNoFloor, PrintStream log)
        implements AutoCloseable {

    static Tools find(PrintStream log) throws IOException, InterruptedException {
        try {
            return new Tools(Jvm.current(), Jvm.java17(), Optional.of(Floor.compile()), "", log);
        } catch (Unavailable e) {
            String reason = e.getMessage() + "; on Debian: apt-get install gcc libc6-dev";
            return new Tools(Jvm.current(), Jvm.java17(), Optional.empty(), reason, log);
        }
    }

    @Override
    public void close() throws IOException {
        if (floor.isPresent()) {
            floor.get().close();
        }
    }
}
