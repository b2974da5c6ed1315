package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.test.spring.TestSecrets;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** Tests put a secret of their own in the place of a declared one, whose file is nowhere on a desk. */
@Tag("boot")
class ReplacedSecretsTest {

    private static final String LOCATION =
            "securememory.secrets.webhook-key.location=file:/no/such/directory/webhook-key";
    private static final String RELOAD = "securememory.secrets.webhook-key.reload-interval=1s";

    private static void isReplaced(Secret key, User user, SecretStore store, int length) {
        assertThat(user.key).isSameAs(key);
        assertThat(store.get("webhook-key")).isSameAs(key);
        assertThat(store.find("webhook-key")).containsSame(key);
        assertThat(store.names()).containsExactly("webhook-key");
        assertThat(user.key.length()).isEqualTo(length);
        assertThatIllegalStateException()
                .isThrownBy(() -> store.reload("webhook-key"))
                .withMessageContaining("does not come from a file");
    }

    @Nested
    @SpringBootTest(
            classes = Application.class,
            properties = {LOCATION, RELOAD},
            webEnvironment = WebEnvironment.NONE)
    class ByMockOfItsName {

        @MockitoBean(name = "webhook-key")
        Secret key;

        @Test
        void theFileIsNotRead(@Autowired User user, @Autowired SecretStore store) {
            given(key.length()).willReturn(7);
            isReplaced(key, user, store, 7);
        }
    }

    @Nested
    @SpringBootTest(classes = Application.class, properties = LOCATION, webEnvironment = WebEnvironment.NONE)
    class ByMockOfItsType {

        @MockitoBean
        Secret key;

        @Test
        void theFileIsNotRead(@Autowired User user, @Autowired SecretStore store) {
            isReplaced(key, user, store, 0);
        }
    }

    @Nested
    @SpringBootTest(classes = Application.class, properties = LOCATION, webEnvironment = WebEnvironment.NONE)
    class ByBeanOfTheTest {

        @TestBean(name = "webhook-key", methodName = "key")
        Secret key;

        static Secret key() {
            return mock(Secret.class);
        }

        @Test
        void theFileIsNotRead(@Autowired User user, @Autowired SecretStore store) {
            isReplaced(key, user, store, 0);
        }
    }

    @Nested
    @SpringBootTest(classes = Application.class, properties = LOCATION, webEnvironment = WebEnvironment.NONE)
    @Import(ByConfigurationOfTheTest.Keys.class)
    class ByConfigurationOfTheTest {

        @Test
        void theFileIsNotRead(
                @Autowired @Qualifier("webhook-key") Secret key,
                @Autowired User user,
                @Autowired SecretStore store,
                @Autowired SecureMemory session) {
            isReplaced(key, user, store, 32);
            assertThat(session.status().liveSecrets()).isEqualTo(1);
        }

        /** Needs the store, which so must not need this bean when it is made. */
        @TestConfiguration(proxyBeanMethods = false)
        static class Keys {

            @Bean("webhook-key")
            Secret key(SecretFactory secrets, SecretStore store) {
                assertThat(store.names()).containsExactly("webhook-key");
                return secrets.createRandom(32);
            }
        }
    }

    @Nested
    @SpringBootTest(
            classes = Application.class,
            properties = {LOCATION, RELOAD, "securememory.secrets.webhook-key.encoding=base64"},
            webEnvironment = WebEnvironment.NONE)
    class ByTestSecret {

        @DynamicPropertySource
        static void secrets(DynamicPropertyRegistry registry) {
            TestSecrets.register(registry, "webhook-key", "only for tests");
        }

        @Test
        void theFileIsNotRead(@Autowired User user) {
            assertThat(text(user.key)).isEqualTo("only for tests");
        }
    }

    @Test
    void aSingletonOfTheContextStandsInToo() {
        Secret key = mock(Secret.class);
        Starter.runner()
                .withInitializer(context -> context.getBeanFactory().registerSingleton("webhook-key", key))
                .withPropertyValues(LOCATION)
                .run(context -> assertThat(context.getBean(SecretStore.class).get("webhook-key"))
                        .isSameAs(key));
    }

    @Test
    void otherSecretsAreLoaded(@TempDir Path directory) {
        Secret key = mock(Secret.class);
        Starter.runner()
                .withBean("webhook-key", Secret.class, () -> key)
                .withPropertyValues(
                        LOCATION, Starter.location("other", Starter.write(directory, "other", Starter.MARKER)))
                .run(context -> {
                    SecretStore store = context.getBean(SecretStore.class);
                    assertThat(store.names()).containsExactly("other", "webhook-key");
                    assertThat(text(store.get("other"))).isEqualTo(Starter.MARKER);
                    assertThat(store.reload("other")).isFalse();
                });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        User user(@Qualifier("webhook-key") Secret key) {
            return new User(key);
        }
    }

    private record User(Secret key) {}
}
