package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

import io.securememory.MemoryLimitException;
import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.Storage;
import io.securememory.spring.boot.testsupport.Starter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How secrets rest: as the session's property says, as the factory of their own choice, or as they are declared. */
class StorageTest {

    @TempDir
    Path directory;

    @Test
    void secretsAreProtectedUnlessSaidOtherwise() {
        Starter.runner()
                .withUserConfiguration(Factories.class)
                .run(context -> assertThat(context.getBean(Factories.class).storages())
                        .containsExactly(Storage.PROTECTED, Storage.PROTECTED, Storage.SEALED));
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void thePropertyIsForThePrimaryFactoryAndThoseByNameStayAsTheyAreCalled(Storage storage) {
        Starter.runner()
                .withPropertyValues("securememory.storage=" + storage)
                .withUserConfiguration(Factories.class)
                .run(context -> {
                    assertThat(context.getBean(Factories.class).storages())
                            .containsExactly(storage, Storage.PROTECTED, Storage.SEALED);
                    assertThat(context.getBean(SecretFactory.class)).isSameAs(context.getBean("secretFactory"));
                });
    }

    @Test
    void aFactoryOfTheApplicationIsInjectedByTypeAndThoseByNameAreStillThere() {
        Starter.runner()
                .withUserConfiguration(OwnFactory.class, Factories.class)
                .run(context -> {
                    Factories injected = context.getBean(Factories.class);
                    assertThat(injected.byType).isSameAs(context.getBean("ownFactory"));
                    assertThat(context.getBean(SecretFactory.class)).isSameAs(injected.byType);
                    assertThat(injected.guarded.createRandom(1).storage()).isEqualTo(Storage.PROTECTED);
                    assertThat(injected.sealed.createRandom(1).storage()).isEqualTo(Storage.SEALED);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"protectedSecretFactory", "sealedSecretFactory"})
    void aFactoryOfTheApplicationIsUsedInPlaceOfOursOfItsName(String name) {
        SecretFactory own = mock(SecretFactory.class);
        Starter.runner()
                .withBean(name, SecretFactory.class, () -> own, bean -> bean.setAutowireCandidate(false))
                .run(context -> {
                    assertThat(context.getBean(name)).isSameAs(own);
                    assertThat(context.getBean(SecretFactory.class))
                            .isSameAs(context.getBean(SecureMemory.class).secrets());
                });
    }

    @ParameterizedTest
    @CsvSource({
        "protected, sealed,    SEALED",
        "sealed,    protected, PROTECTED",
        "sealed,    sealed,    SEALED",
        "protected, '',        PROTECTED",
        "sealed,    '',        SEALED"
    })
    void aDeclaredSecretIsOfItsOwnStorageOrElseOfTheSessions(String session, String own, Storage expected) {
        ApplicationContextRunner runner = Starter.runner()
                .withPropertyValues(
                        "securememory.storage=" + session,
                        location("key", write(directory, "key", Starter.MARKER + "\n")),
                        location("binary", write(directory, "binary", Starter.MARKER)));
        if (!own.isEmpty()) {
            runner = runner.withPropertyValues(
                    "securememory.secrets.key.storage=" + own, "securememory.secrets.binary.storage=" + own);
        }
        runner.run(context -> {
            for (Secret secret : context.getBeansOfType(Secret.class).values()) {
                assertThat(secret.storage()).isEqualTo(expected);
                assertThat(text(secret)).isEqualTo(Starter.MARKER);
            }
            SecureMemory opened = context.getBean(SecureMemory.class);
            assertThat(opened.status().liveSecrets()).isEqualTo(2);
            assertThat(opened.status().liveSealed()).isEqualTo(expected == Storage.SEALED ? 2 : 0);
            assertThat(opened.status().liveBuffers()).isZero();
        });
    }

    @Test
    void aSealedSecretIsWipedWithTheSession() {
        Secret[] seen = new Secret[1];
        Starter.runner()
                .withPropertyValues(
                        location("key", write(directory, "key", Starter.MARKER)),
                        "securememory.secrets.key.storage=sealed")
                .run(context -> {
                    seen[0] = context.getBean(Secret.class);
                    assertThat(seen[0].isClosed()).isFalse();
                });
        assertThat(seen[0].isClosed()).isTrue();
    }

    @Test
    void aSessionOfTheApplicationDecidesForDeclaredSecretsThatDoNot() {
        SecureMemoryOptions options =
                SecureMemoryOptions.builder().storage(Storage.SEALED).build();
        try (SecureMemory session = SecureMemory.create(options)) {
            Starter.runner()
                    .withBean("ownSession", SecureMemory.class, () -> session, bean -> bean.setDestroyMethodName(""))
                    .withPropertyValues(location("key", write(directory, "key", "one")))
                    .run(context ->
                            assertThat(context.getBean(Secret.class).storage()).isEqualTo(Storage.SEALED));
        }
    }

    @Test
    void manySealedSecretsAreDeclaredWithinASmallLimit() {
        Path file = write(directory, "key", Starter.MARKER + "\n");
        Starter.runner()
                .withPropertyValues("securememory.mlock.limit=" + 8 * Starter.pageSize() + "B")
                .withPropertyValues("securememory.storage=sealed")
                .withPropertyValues(declarations(file, 50))
                .run(context -> assertThat(context.getBeansOfType(Secret.class).values())
                        .hasSize(50)
                        .allSatisfy(secret -> assertThat(text(secret)).isEqualTo(Starter.MARKER)));
    }

    @Test
    void atTheLimitADeclaredSecretIsRefusedAsItIsReadThroughLockedMemory() {
        Path file = write(directory, "key", Starter.MARKER + "\n");
        Starter.runner()
                .withPropertyValues("securememory.mlock.limit=" + 8 * Starter.pageSize() + "B")
                .withPropertyValues(declarations(file, 8))
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasRootCauseInstanceOf(MemoryLimitException.class));
    }

    private static String[] declarations(Path file, int secrets) {
        return IntStream.range(0, secrets)
                .mapToObj(i -> location("key-" + i, file))
                .toArray(String[]::new);
    }

    @Test
    void atTheLimitSecretsAreSealedUnlessSaidOtherwise() {
        limited().run(context -> {
            SecretFactory factory = context.getBean(SecretFactory.class);
            List<Storage> storages = IntStream.range(0, 7)
                    .mapToObj(i -> factory.createRandom(1).storage())
                    .toList();
            assertThat(storages.subList(0, 5)).containsOnly(Storage.PROTECTED);
            assertThat(storages.subList(5, 7)).containsOnly(Storage.SEALED);
            assertThat(context.getBean(SecureMemory.class).status().degradedTotal())
                    .isEqualTo(2);
        });
    }

    @Test
    void atTheLimitNothingIsSealedThatMustNot() {
        limited().withPropertyValues("securememory.when-limit-reached=fail").run(context -> {
            SecretFactory factory = context.getBean(SecretFactory.class);
            for (int i = 0; i < 8; i++) {
                assertThat(factory.createRandom(1).storage()).isEqualTo(Storage.PROTECTED);
            }
            assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> factory.createRandom(1));
        });
    }

    /** Room for three pages that are set aside for sealing and five secrets, or for eight secrets. */
    private static ApplicationContextRunner limited() {
        return Starter.runner()
                .withPropertyValues(
                        Starter.KEEPS_DROPPED_SECRETS, "securememory.mlock.limit=" + 8 * Starter.pageSize() + "B");
    }

    @Configuration(proxyBeanMethods = false)
    static class Factories {

        final SecretFactory byType;
        final SecretFactory guarded;
        final SecretFactory sealed;

        Factories(
                SecretFactory byType,
                @Qualifier("protectedSecretFactory") SecretFactory guarded,
                @Qualifier("sealedSecretFactory") SecretFactory sealed) {
            this.byType = byType;
            this.guarded = guarded;
            this.sealed = sealed;
        }

        List<Storage> storages() {
            return List.of(
                    byType.createRandom(1).storage(),
                    guarded.createRandom(1).storage(),
                    sealed.createRandom(1).storage());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFactory {

        @Bean
        SecretFactory ownFactory() {
            return mock(SecretFactory.class);
        }
    }
}
