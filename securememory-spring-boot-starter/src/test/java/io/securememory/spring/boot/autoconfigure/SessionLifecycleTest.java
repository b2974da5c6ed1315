package io.securememory.spring.boot.autoconfigure;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import jakarta.annotation.PreDestroy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** When secrets are wiped: after everything that uses them, before anything of another context. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("boot")
@Tag("boot-smoke")
class SessionLifecycleTest {

    @TempDir
    Path directory;

    @Test
    void beansReadTheirSecretsWhileTheyAreDestroyedAndThenTheSessionWipesAll(CapturedOutput output) {
        try (ConfigurableApplicationContext context = start(LastWords.class, "key", MARKER + "\n")) {
            LastWords bean = context.getBean(LastWords.class);
            SecureMemory session = context.getBean(SecureMemory.class);
            assertThat(session.status().liveSecrets()).isEqualTo(2);

            context.close();

            assertThat(bean.heard).containsExactly(MARKER, MARKER, "own");
            assertThat(bean.secret.isClosed()).isTrue();
            assertThat(bean.own.isClosed()).isTrue();
            assertThat(session.status().liveSecrets()).isZero();
            assertThat(session.status().lockedBytes()).isZero();
            int bytes = bean.secret.length() + bean.own.length();
            assertThat(output)
                    .containsOnlyOnce("2 secrets wiped (" + bytes + " bytes)")
                    .doesNotContain(MARKER);
        }
    }

    /** Beans that the container does not know to depend on the session, and that were made before it. */
    @Test
    void alsoBeansThatLookTheirSecretsUpAreDestroyedBeforeTheSession() {
        try (ConfigurableApplicationContext context = start(LateReaders.class, "key", MARKER)) {
            assertThat(context.getBeanFactory().getSingletonNames())
                    .containsSubsequence("providedReader", "lazyReader", "secureMemory");
            List<String> heard = context.getBean(ProvidedReader.class).heard;
            Secret secret = context.getBean(Secret.class);

            context.close();

            assertThat(heard).containsExactly("lazy: " + MARKER, "provided: " + MARKER);
            assertThat(secret.isClosed()).isTrue();
        }
    }

    @Test
    void noSecretIsMadeAfterTheContextIsClosed() {
        try (ConfigurableApplicationContext context = start(Empty.class, "key", MARKER)) {
            SecretFactory factory = context.getBean(SecretFactory.class);
            context.close();
            assertThatIllegalStateException().isThrownBy(() -> factory.createRandom(1));
        }
    }

    @Test
    void aChildThatClosesLeavesTheSecretsOfItsParentAlone() {
        try (ConfigurableApplicationContext parent = start(Empty.class, "key", "parent's");
                ConfigurableApplicationContext child = startChild(Empty.class, parent)) {
            Secret childs = child.getBean(Secret.class);
            assertThat(text(childs)).isEqualTo("child's");
            assertThat(child.getBean(SecureMemory.class)).isNotSameAs(parent.getBean(SecureMemory.class));
            assertThat(child.getBean(SecretFactory.class)).isNotSameAs(parent.getBean(SecretFactory.class));

            child.close();

            assertThat(childs.isClosed()).isTrue();
            assertThat(text(parent.getBean(Secret.class))).isEqualTo("parent's");
        }
    }

    @Test
    void aParentThatClosesWipesTheSecretsOfItsChildrenBeforeItsOwn(CapturedOutput output) {
        try (ConfigurableApplicationContext parent = start(LastWords.class, "key", "parent's")) {
            LastWords parents = parent.getBean(LastWords.class);
            ConfigurableApplicationContext child = startChild(LastWords.class, parent);
            LastWords childs = child.getBean(LastWords.class);

            parent.close();

            assertThat(childs.heard).containsExactly("child's", "child's", "own");
            assertThat(parents.heard).containsExactly("parent's", "parent's", "own");
            assertThat(output)
                    .containsSubsequence(
                            "2 secrets wiped (" + (childs.secret.length() + childs.own.length()) + " bytes)",
                            "2 secrets wiped (" + (parents.secret.length() + parents.own.length()) + " bytes)");
        }
    }

    @Test
    void siblingsKnowNothingOfEachOther() {
        try (ConfigurableApplicationContext one = start(Empty.class, "key", "one");
                ConfigurableApplicationContext other = start(Empty.class, "key", "other")) {
            one.close();
            assertThat(text(other.getBean(Secret.class))).isEqualTo("other");
            assertThat(other.getBean(SecureMemory.class).status().liveSecrets()).isEqualTo(1);
        }
    }

    @Test
    void aStartThatFailsLaterWipesWhatWasLoaded(CapturedOutput output) {
        FailsAtStart.seen.clear();
        assertThatException().isThrownBy(() -> start(FailsAtStart.class, "key", MARKER));
        assertThat(FailsAtStart.seen).hasSize(1).allMatch(Secret::isClosed);
        assertThat(output)
                .contains("1 secret wiped (" + FailsAtStart.seen.get(0).length() + " bytes)");
    }

    private ConfigurableApplicationContext start(Class<?> configuration, String secret, String text) {
        return new SpringApplicationBuilder(configuration)
                .web(WebApplicationType.NONE)
                .run("--" + location(secret, write(directory, secret, text)));
    }

    private ConfigurableApplicationContext startChild(Class<?> configuration, ConfigurableApplicationContext parent) {
        return new SpringApplicationBuilder(configuration)
                .parent(parent)
                .web(WebApplicationType.NONE)
                .run("--" + location("key", write(directory, "child", "child's")));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    static class Empty {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    static class LastWords {

        final Secret secret;
        final SecretStore store;
        final Secret own;
        final List<String> heard = new ArrayList<>();

        LastWords(Secret secret, SecretStore store, SecretFactory factory) {
            this.secret = secret;
            this.store = store;
            this.own = factory.create("own".toCharArray());
        }

        @PreDestroy
        void speak() {
            heard.add(text(secret));
            heard.add(text(store.get("key")));
            heard.add(text(own));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    static class FailsAtStart {

        static final List<Secret> seen = new ArrayList<>();

        FailsAtStart(Secret secret) {
            assertThat(text(secret)).isEqualTo(MARKER);
            seen.add(secret);
            throw new IllegalStateException("on purpose");
        }
    }

    /** Comes before the session, as beans of an application do that inject nothing of ours. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    static class LateReaders {

        @Bean
        ProvidedReader providedReader(ObjectProvider<Secret> secret) {
            return new ProvidedReader(secret);
        }

        @Bean(destroyMethod = "speak")
        LazyReader lazyReader(@Lazy Secret secret, ProvidedReader other) {
            return new LazyReader(secret, other.heard);
        }
    }

    static final class ProvidedReader implements DisposableBean {

        final List<String> heard = new ArrayList<>();
        private final ObjectProvider<Secret> secret;

        ProvidedReader(ObjectProvider<Secret> secret) {
            this.secret = secret;
        }

        @Override
        public void destroy() {
            heard.add("provided: " + text(secret.getObject()));
        }
    }

    record LazyReader(Secret secret, List<String> heard) {

        void speak() {
            heard.add("lazy: " + text(secret));
        }
    }
}
