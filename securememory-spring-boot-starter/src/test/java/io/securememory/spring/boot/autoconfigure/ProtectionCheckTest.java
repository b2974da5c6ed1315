package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.ProtectionReport;
import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.testing.Await;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProtectionCheckTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicInteger trials = new AtomicInteger();
    private final ProtectionCheck check = new ProtectionCheck(this::trial, clock::get);

    private ProtectionReport trial() {
        return new ProtectionReport(List.of(), "trial " + trials.incrementAndGet());
    }

    @Test
    void itIsTriedOnceAndThenOnRequestOnly() {
        assertThat(trials).hasValue(0);
        assertThat(check.last().report().kernelFlags()).isEqualTo("trial 1");
        clock.addAndGet(3_000_000); // also past the greatest number
        assertThat(check.last())
                .isEqualTo(new ProtectionCheck.Checked(check.last().report(), 3));
        assertThat(trials).hasValue(1);
        assertThat(check.renewed().report().kernelFlags()).isEqualTo("trial 2");
        assertThat(check.last().report().kernelFlags()).isEqualTo("trial 2");
        assertThat(check.last().ageMillis()).isZero();
    }

    @Test
    void whatIsNotCompleteIsKeptForAMinuteOnly() {
        List<Item> items = List.of(new Item("memory-lock", State.FAILED, "not for now", "wait"));
        ProtectionCheck incomplete = new ProtectionCheck(
                () -> new ProtectionReport(trials.getAndIncrement() == 0 ? items : List.of(), ""), clock::get);
        assertThat(incomplete.last().report().isComplete()).isFalse();
        clock.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(incomplete.last().report().isComplete()).isFalse();
        clock.addAndGet(1);
        assertThat(incomplete.last().report().isComplete()).isTrue();
        clock.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(incomplete.last().report().isComplete()).isTrue();
        assertThat(trials).hasValue(2);
    }

    @Test
    void aTrialThatThrowsIsTriedAgain() {
        AtomicBoolean fails = new AtomicBoolean(true);
        ProtectionCheck failing = new ProtectionCheck(
                () -> {
                    if (fails.getAndSet(false)) {
                        throw new IllegalStateException("made up");
                    }
                    return trial();
                },
                clock::get);
        assertThatIllegalStateException().isThrownBy(failing::last);
        assertThat(failing.last().report().kernelFlags()).isEqualTo("trial 1");
    }

    @Test
    void threadsThatAskForTheFirstOneAtTheSameTimeShareIt() throws ExecutionException {
        try (Workers workers = new Workers()) {
            List<Future<ProtectionCheck.Checked>> asked = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                asked.add(workers.submit(check::last));
            }
            for (Future<ProtectionCheck.Checked> one : asked) {
                Await.result(one);
            }
        }
        assertThat(trials).hasValue(1);
    }
}
