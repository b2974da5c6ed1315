package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@OnEverySystem
class ThreadsByNameTest {

    private static final String NAME = "of-this-name";

    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void end() {
        end.countDown();
    }

    private Thread started() {
        Thread thread = new Thread(() -> Await.open("the end", end), NAME);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    void thoseThatWereThereBeforeDoNotCount() {
        started();
        ThreadsByName threads = ThreadsByName.startedFromNowOn(NAME);
        assertThat(threads.alive()).isEmpty();

        Thread later = started();
        assertThat(threads.alive()).containsExactly(later);

        end.countDown();
        threads.awaitEnd();
        assertThat(later.isAlive()).isFalse();
    }
}
