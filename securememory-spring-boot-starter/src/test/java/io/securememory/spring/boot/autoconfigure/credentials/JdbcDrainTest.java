package io.securememory.spring.boot.autoconfigure.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.credentials.PasswordListener;
import io.securememory.testing.Await;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a pool replaces its connections. */
class JdbcDrainTest {

    private final AtomicInteger replacements = new AtomicInteger();
    private final JdbcDrain drain = new JdbcDrain(PasswordListener.NONE, replacements::incrementAndGet);
    private final CountDownLatch tried = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicInteger tries = new AtomicInteger();

    @AfterEach
    void end() {
        drain.close();
    }

    /** What opens a connection. */
    @FunctionalInterface
    private interface Opening {
        void open() throws SQLException;
    }

    private static DataSource source(Opening opening) {
        return (DataSource) Proxy.newProxyInstance(
                JdbcDrainTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, arguments) -> {
                    opening.open();
                    return Proxy.newProxyInstance(
                            JdbcDrainTest.class.getClassLoader(),
                            new Class<?>[] {Connection.class},
                            (connection, called, none) -> null);
                });
    }

    /** Its connection may have been opened with the version before. */
    @Test
    void anAcceptanceOfAnotherThreadReplacesNothing() {
        drain.begin(source(() -> {
            tried.countDown();
            Await.open("the other thread", answer);
            drain.accepted();
        }));
        Await.open("the try", tried);

        drain.accepted();

        assertThat(replacements).hasValue(0);
        answer.countDown();
        Await.until("the replacement", () -> replacements.get() == 1);
    }

    @Test
    void aRefusedPasswordIsTriedAgain() {
        drain.begin(source(() -> {
            if (tries.incrementAndGet() == 1) {
                drain.refused(false);
                throw new SQLException("refused", "28P01");
            }
            drain.accepted();
        }));

        Await.until("the replacement", () -> replacements.get() == 1);
        assertThat(tries).hasValue(2);
    }

    @Test
    void aRotationDuringATryBeginsAnew() {
        DataSource good = source(drain::accepted);
        drain.begin(source(() -> {
            drain.begin(good);
            drain.accepted();
        }));

        Await.until("the replacement", () -> replacements.get() == 1);
        drain.begin(good);
        Await.until("the next one", () -> replacements.get() == 2);
    }
}
