package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.SecureMemoryException;
import io.securememory.testing.FaultLoop;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Operations in which each system call fails: they throw what says so, and the world can be ended without remains.
 *
 * @param <W> the world of a turn
 */
public final class FaultEverywhere<W> {

    private final IntFunction<W> worldWithPool;
    private final Function<W, FaultyMemCall> faults;
    private final Consumer<W> end;

    /**
     * What all operations share.
     *
     * @param worldWithPool makes a world with a pool of so many regions
     * @param faults its system calls
     * @param end ends it, and checks that nothing is left
     */
    public FaultEverywhere(IntFunction<W> worldWithPool, Function<W, FaultyMemCall> faults, Consumer<W> end) {
        this.worldWithPool = worldWithPool;
        this.faults = faults;
        this.end = end;
    }

    /** A test of each operation without a pool, and of each with one. */
    public Stream<DynamicTest> tests(Map<String, ? extends Consumer<W>> operations) {
        return operations.entrySet().stream()
                .flatMap(operation -> Stream.of(0, 8)
                        .map(pool -> DynamicTest.dynamicTest(
                                operation.getKey() + ", pool of " + pool, () -> run(pool, operation.getValue()))));
    }

    private void run(int pool, Consumer<W> operation) {
        run(
                pool,
                operation,
                world -> assertThatExceptionOfType(SecureMemoryException.class)
                        .isThrownBy(() -> operation.accept(world))
                        .satisfies(e -> assertThat(e).hasMessageContaining("Injected")));
    }

    /** As the tests do it, of an operation that does something else with a fault than throwing it. */
    public void run(int pool, Consumer<W> operation, Consumer<W> operationWithFault) {
        new FaultLoop<W>() {
            @Override
            protected W newWorld() {
                return worldWithPool.apply(pool);
            }

            @Override
            protected Faults faults(W world) {
                return faults.apply(world);
            }

            @Override
            protected void operate(W world) {
                operation.accept(world);
            }

            @Override
            protected void operateWithFault(W world) {
                operationWithFault.accept(world);
            }

            @Override
            protected void end(W world) {
                end.accept(world);
            }
        }.run();
    }
}
