package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AwaitTest {

    @Test
    void valueIsReturnedAsSoonAsThereIsOne() {
        AtomicInteger turns = new AtomicInteger();

        int value = Await.value(
                "a third turn", () -> Optional.of(turns.incrementAndGet()).filter(turn -> turn == 3));

        assertThat(value).isEqualTo(3);
    }

    @Test
    void waitInVainEndsAndShowsTheThreads() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Await.value("what never comes", Duration.ofMillis(5), Optional::empty))
                .withMessageContaining("waited 5 ms in vain for what never comes")
                .withMessageContaining("AwaitTest.waitInVainEndsAndShowsTheThreads(AwaitTest.java:");
    }

    @Test
    void waitOfAThreadThatIsInterruptedEnds() {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch waiting = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            try {
                Await.until("what never comes", () -> {
                    waiting.countDown();
                    return false;
                });
            } catch (AssertionError e) {
                failure.set(e);
            }
        });
        thread.start();
        Await.open("the wait", waiting);
        thread.interrupt();
        Await.end(thread);

        assertThat(failure.get()).hasMessageContaining("interrupted while waiting for what never comes");
    }

    @Test
    void conditionThatFailsEndsTheWait() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> Await.until("anything", () -> {
                    throw new IllegalStateException("broken");
                }));
    }
}
