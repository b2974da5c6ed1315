package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.SecureMemoryException;
import io.securememory.testing.FaultLoop;

/**
 * An operation in which each system call fails: it throws what says so.
 *
 * @param <W> the world of a turn
 */
public abstract class FaultEverywhere<W> extends FaultLoop<W> {

    @Override
    protected abstract FaultyMemCall faults(W world);

    @Override
    protected void operateWithFault(W world) {
        assertThatExceptionOfType(SecureMemoryException.class)
                .isThrownBy(() -> operate(world))
                .satisfies(e -> assertThat(e).hasMessageContaining("Injected"));
    }
}
