package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class WorkersTest {

    @Test
    void closingInterruptsWhoeverWaitsAndWaitsForTheEnd() {
        Future<?> waiting;
        try (Workers workers = new Workers()) {
            CountDownLatch inside = new CountDownLatch(1);
            waiting = workers.submit(() -> {
                inside.countDown();
                new CountDownLatch(1).await();
                return null;
            });
            Await.open("the worker", inside);
        }

        assertThat(waiting).isDone();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> Await.result(waiting))
                .withCauseInstanceOf(InterruptedException.class);
    }
}
