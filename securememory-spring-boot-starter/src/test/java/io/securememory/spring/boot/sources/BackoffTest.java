package io.securememory.spring.boot.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.testing.OnEverySystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@OnEverySystem
class BackoffTest {

    private static final Deadline LATE = Deadline.after(Duration.ofMinutes(10));

    private static SourceException passing() {
        return SourceException.passing(Reason.UNREACHABLE, "down.", "Wait.", null);
    }

    @Test
    void pausesDoubleUpToABoundAndAreShortenedByHalfAtMost() {
        assertThat(IntStream.rangeClosed(1, 9)
                        .mapToObj(failed ->
                                Duration.ofNanos(Backoff.pauseNanos(failed, 0)).toMillis()))
                .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L, 5000L);
        assertThat(Duration.ofNanos(Backoff.pauseNanos(3, 0.5)).toMillis()).isEqualTo(300);
        assertThat(Backoff.pauseNanos(1000, 0.999_999)).isBetween(2_500_000_000L, 2_501_000_000L);
    }

    @Test
    void anAttemptThatSucceedsEndsThem() {
        List<Long> lefts = new ArrayList<>();
        int result = Backoff.attempt(5, LATE, deadline -> {
            lefts.add(deadline.nanosLeft());
            if (lefts.size() < 3) {
                throw passing();
            }
            return 7;
        });
        assertThat(result).isEqualTo(7);
        assertThat(lefts)
                .hasSize(3)
                .allMatch(left -> left <= Duration.ofMinutes(5).toNanos());
    }

    @Test
    void theLastAttemptHasAllTheTime() {
        List<Long> lefts = new ArrayList<>();
        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> Backoff.attempt(1, LATE, deadline -> {
                    lefts.add(deadline.nanosLeft());
                    throw passing();
                }))
                .withMessage("down. It was tried 2 times.");
        assertThat(lefts.get(1)).isGreaterThan(Duration.ofMinutes(9).toNanos());
    }

    @Test
    void aFailureForGoodIsNotTriedAgain() {
        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> Backoff.attempt(5, LATE, deadline -> {
                    throw SourceException.of(Reason.REFUSED, "no.", "Ask.");
                }))
                .withMessage("no.");
    }

    @Test
    void thereIsNoPauseWithoutTimeForIt() {
        long begin = System.nanoTime();
        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> Backoff.attempt(5, Deadline.after(Duration.ofMillis(40)), deadline -> {
                    throw passing();
                }))
                .withMessage("down.");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void anInterruptionEndsThem() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> Backoff.attempt(5, LATE, deadline -> {
                    throw passing();
                }))
                .withMessage("down.");
        assertThat(Thread.interrupted()).isTrue();
    }
}
