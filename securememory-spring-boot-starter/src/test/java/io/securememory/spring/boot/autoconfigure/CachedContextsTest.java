package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.testsupport.Starter;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestContextManager;

/**
 * Contexts that Spring's test framework keeps between test classes, pauses while another one is in use, and closes when they
 * are dirty.
 */
@Tag("boot")
@Tag("boot-smoke")
class CachedContextsTest {

    @Test
    void testClassesOfTheSameContextShareItsSession() throws Exception {
        try (Run<First> first = new Run<>(new First());
                Run<SameAsFirst> same = new Run<>(new SameAsFirst())) {
            assertThat(same.test.session).isSameAs(first.test.session);
            assertThat(same.test.secret).isSameAs(first.test.secret);
        }
    }

    @Test
    void aContextThatIsPausedAndRestartedKeepsItsSecrets() throws Exception {
        First before = new First();
        new Run<>(before).close();
        long purgesBefore = before.session.status().purgesTotal();
        Second other = new Second();
        try (Run<Second> switched = new Run<>(other)) {
            assertThat(before.background.isRunning()).as("the first context").isFalse();
            assertThat(switched.test.session).isNotSameAs(before.session);
            assertThat(Starter.text(before.secret)).isEqualTo("from the class path");
        }
        First after = new First();
        try (Run<First> again = new Run<>(after)) {
            assertThat(again.test.session).isSameAs(before.session);
            assertThat(after.background.isRunning()).as("the first context").isTrue();
            assertThat(other.background.isRunning()).as("the second context").isFalse();
            assertThat(Starter.text(after.secret)).isEqualTo("from the class path");
            assertThat(Starter.text(other.secret)).isEqualTo("from the class path");
            assertThat(after.session.status().purgesTotal()).isEqualTo(purgesBefore);
        }
    }

    @Test
    void aDirtyContextIsClosedAndOnlyItsSessionIsPurged() throws Exception {
        First clean = new First();
        new Run<>(clean).close();
        Dirty dirty = new Dirty();
        new Run<>(dirty).close();

        assertThat(dirty.secret.isClosed()).isTrue();
        assertThat(dirty.session.status().liveSecrets()).isZero();
        assertThat(dirty.session.status().lockedBytes()).isZero();
        assertThat(clean.secret.isClosed()).isFalse();
        assertThat(Starter.text(clean.secret)).isEqualTo("from the class path");

        Dirty anew = new Dirty();
        try (Run<Dirty> again = new Run<>(anew)) {
            assertThat(again.test.session).isNotSameAs(dirty.session);
            assertThat(Starter.text(anew.secret)).isEqualTo("from the class path");
        }
    }

    @AfterAll
    static void closeThoseThatAreKept() {
        for (Class<?> type : List.of(First.class, Second.class)) {
            new TestContextManager(type).getTestContext().markApplicationContextDirty(null);
        }
    }

    /** From the start of a test class to its end, as JUnit would tell the test framework. */
    private static final class Run<T> implements AutoCloseable {

        final T test;
        private final TestContextManager manager;

        Run(T test) throws Exception {
            this.test = test;
            manager = new TestContextManager(test.getClass());
            manager.beforeTestClass();
            manager.prepareTestInstance(test);
        }

        @Override
        public void close() throws Exception {
            manager.afterTestClass();
        }
    }

    /** What the test classes have in common. */
    abstract static class Base {

        @Autowired
        SecureMemory session;

        @Autowired
        Secret secret;

        @Autowired
        SmartLifecycle background;
    }

    @SpringBootTest(
            classes = Application.class,
            webEnvironment = WebEnvironment.NONE,
            properties = "securememory.secrets.key.location=classpath:declared-secret.txt")
    static class First extends Base {}

    @SpringBootTest(
            classes = Application.class,
            webEnvironment = WebEnvironment.NONE,
            properties = "securememory.secrets.key.location=classpath:declared-secret.txt")
    static class SameAsFirst extends Base {}

    @SpringBootTest(
            classes = Application.class,
            webEnvironment = WebEnvironment.NONE,
            properties = {"securememory.secrets.key.location=classpath:declared-secret.txt", "number=2"})
    static class Second extends Base {}

    @DirtiesContext
    @SpringBootTest(
            classes = Application.class,
            webEnvironment = WebEnvironment.NONE,
            properties = {"securememory.secrets.key.location=classpath:declared-secret.txt", "number=3"})
    static class Dirty extends Base {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    static class Application {

        @Bean
        Background background() {
            return new Background();
        }
    }

    /** Shows that a context is paused. */
    static final class Background implements SmartLifecycle {

        private volatile boolean running;

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }
}
