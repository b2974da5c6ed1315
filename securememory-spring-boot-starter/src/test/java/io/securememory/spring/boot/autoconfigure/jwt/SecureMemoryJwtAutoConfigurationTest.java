package io.securememory.spring.boot.autoconfigure.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.JwtAlgorithm;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.jwt.ProtectedJwt;
import io.securememory.spring.boot.properties.SecureMemoryJwtProperties;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.spring.boot.testsupport.Way;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtEncodingException;

@Tag("boot")
class SecureMemoryJwtAutoConfigurationTest {

    @TempDir
    Path directory;

    private static ApplicationContextRunner runner() {
        return Starter.runner().withConfiguration(AutoConfigurations.of(SecureMemoryJwtAutoConfiguration.class));
    }

    private static ApplicationContextRunner generated(int bytes, String algorithm) {
        return runner().withPropertyValues(
                        "securememory.secrets.jwt-key.generate=" + bytes,
                        "securememory.jwt.secret=jwt-key",
                        "securememory.jwt.algorithm=" + algorithm);
    }

    private static String pem(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("EC")) {
            generator.initialize(256); // The default is not that of ES256 on every Java.
        }
        byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static Jwt sign(ApplicationContext context) {
        JwtClaimsSet claims = JwtClaimsSet.builder().subject("someone").build();
        return context.getBean(JwtEncoder.class).encode(JwtEncoderParameters.from(claims));
    }

    private static String read(ApplicationContext context, Jwt token) {
        return context.getBean(JwtDecoder.class).decode(token.getTokenValue()).getSubject();
    }

    @ParameterizedTest
    @CsvSource({"HS256, HS256", "hs384, HS384", "HS512, HS512"})
    void aDeclaredSecretSignsAndVerifies(String written, String algorithm) {
        generated(64, written).run(context -> {
            Jwt token = sign(context);
            assertThat(read(context, token)).isEqualTo("someone");
            assertThat(token.getHeaders()).containsEntry("alg", algorithm).containsKey("kid");
        });
    }

    @ParameterizedTest
    @CsvSource({"RS256, RSA", "PS256, RSA", "ES256, EC", "EdDSA, Ed25519"})
    void aDeclaredPrivateKeySignsAndVerifiesAndItsPublicKeyIsShown(String algorithm, String kind) throws Exception {
        Path file = Starter.write(directory, "key", pem(kind));
        runner().withPropertyValues(
                        Starter.location("jwt-key", file),
                        "securememory.jwt.secret=jwt-key",
                        "securememory.jwt.algorithm=" + algorithm)
                .run(context -> {
                    Jwt token = sign(context);
                    assertThat(read(context, token)).isEqualTo("someone");
                    assertThat(token.getHeaders()).containsEntry("alg", algorithm);
                    assertThat(keys(context))
                            .singleElement()
                            .satisfies(id -> assertThat(token.getHeaders()).containsEntry("kid", id));
                    assertThat(context.getBean(ProtectedJwt.class).publicKeys().getKeys())
                            .noneMatch(JWK::isPrivate);
                });
    }

    @SuppressWarnings("unchecked")
    private static List<String> keys(ApplicationContext context) throws Exception {
        JWKSource<SecurityContext> source = context.getBean(JWKSource.class);
        return source.get(new JWKSelector(new JWKMatcher.Builder().build()), null).stream()
                .map(JWK::getKeyID)
                .toList();
    }

    @Test
    void aSecretKeyIsNeverShown() {
        generated(32, "HS256").run(context -> {
            assertThat(keys(context)).isEmpty();
            assertThat(context.getBean(ProtectedJwt.class).publicKeys().toJSONObject(false))
                    .isEqualTo(Map.of("keys", List.of()));
        });
    }

    @Test
    void nothingIsConfiguredWithoutTheProperty() {
        runner().run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(ProtectedJwt.class)
                .doesNotHaveBean(JwtEncoder.class)
                .doesNotHaveBean(JwtDecoder.class)
                .doesNotHaveBean(JWKSource.class));
    }

    @Test
    void nothingIsConfiguredWhenDisabled() {
        generated(32, "HS256")
                .withPropertyValues("securememory.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SecureMemoryJwtProperties.class));
    }

    @ParameterizedTest
    @CsvSource({"org.springframework.security", "com.nimbusds"})
    void nothingIsConfiguredWithoutTheLibraries(String missing) {
        generated(32, "HS256")
                .withClassLoader(new FilteredClassLoader(missing))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SecureMemoryJwtProperties.class));
    }

    @Test
    void beansOfTheApplicationStandInForOurs() {
        generated(32, "HS256").withUserConfiguration(OwnDecoder.class).run(context -> {
            assertThat(context).hasSingleBean(JwtDecoder.class).hasBean("ownDecoder");
            assertThat(context.getBean(JwtEncoder.class))
                    .isSameAs(context.getBean(ProtectedJwt.class).encoder());
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnDecoder {

        @Bean
        JwtDecoder ownDecoder() {
            return token -> {
                throw new BadJwtException("none is good");
            };
        }
    }

    @Test
    void anApplicationThatMakesItsOwnGetsBeansOfIt() {
        runner().withPropertyValues("securememory.secrets.mine.generate=48")
                .withUserConfiguration(Own.class)
                .run(context -> assertThat(sign(context).getHeaders()).containsEntry("alg", "HS384"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Own {

        @Bean
        ProtectedJwt mineJwt(SecureMemory session, SecretStore secrets) {
            return ProtectedJwt.of(session, secrets.get("mine"), JwtAlgorithm.HS384)
                    .build();
        }
    }

    @Test
    void ofSeveralTheApplicationChooses() {
        generated(48, "HS256")
                .withPropertyValues("securememory.secrets.mine.generate=48")
                .withUserConfiguration(Own.class, Second.class)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(JwtEncoder.class)
                        .doesNotHaveBean(JwtDecoder.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class Second {

        @Bean
        ProtectedJwt secondJwt(SecureMemory session, SecretStore secrets) {
            return ProtectedJwt.of(session, secrets.get("mine"), JwtAlgorithm.HS256)
                    .build();
        }
    }

    @Test
    void aRotationIsNoticedAtOnce() throws Exception {
        Path file = Starter.write(directory, "key", "a".repeat(40));
        runner().withPropertyValues(
                        Starter.location("jwt-key", file),
                        Starter.KEEPS_DROPPED_SECRETS,
                        "securememory.jwt.secret=jwt-key",
                        "securememory.jwt.algorithm=HS256")
                .run(context -> {
                    SecretStore store = context.getBean(SecretStore.class);
                    Jwt first = sign(context);
                    Way.RENAMED.write(file, "b".repeat(40));
                    store.reload("jwt-key");
                    Way.RENAMED.write(file, "c".repeat(40));
                    store.reload("jwt-key");

                    assertThat(read(context, first)).isEqualTo("someone");
                    assertThat(context.getBean(SecureMemory.class).status().liveSecrets())
                            .as("the secret, and copies of three contents")
                            .isEqualTo(4);
                });
    }

    @Test
    void withoutAGraceTimeThePreviousKeyIsRefusedAtOnce() throws Exception {
        Path file = Starter.write(directory, "key", "a".repeat(40));
        runner().withPropertyValues(
                        Starter.location("jwt-key", file),
                        "securememory.jwt.secret=jwt-key",
                        "securememory.jwt.algorithm=HS256",
                        "securememory.jwt.key-id=mine",
                        "securememory.jwt.previous-key-grace=0")
                .run(context -> {
                    Jwt first = sign(context);
                    Way.RENAMED.write(file, "b".repeat(40));
                    context.getBean(SecretStore.class).reload("jwt-key");

                    assertThat(first.getHeaders()).containsEntry("kid", "mine");
                    assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> read(context, first));
                    assertThat(read(context, sign(context))).isEqualTo("someone");
                });
    }

    @Test
    void nothingIsLeftWhenTheContextIsClosed() {
        SecureMemory[] session = new SecureMemory[1];
        ProtectedJwt[] jwt = new ProtectedJwt[1];
        generated(32, "HS256").run(context -> {
            session[0] = context.getBean(SecureMemory.class);
            jwt[0] = context.getBean(ProtectedJwt.class);
        });
        assertThat(session[0].status().liveSecrets()).isZero();
        assertThatExceptionOfType(JwtEncodingException.class)
                .isThrownBy(() -> jwt[0].encoder()
                        .encode(JwtEncoderParameters.from(
                                JwtClaimsSet.builder().subject("someone").build())));
    }

    @ParameterizedTest
    @CsvSource({"HS256, 31", "HS384, 47", "HS512, 63"})
    void aKeyThatIsTooShortEndsTheStart(String algorithm, int bytes) {
        generated(bytes, algorithm)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("jwt-key")
                        .hasMessageContaining(String.valueOf(bytes + 1)));
        generated(bytes, algorithm)
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining(DeclaredSecretException.class.getName()));
    }

    @Test
    void aPropertyThatNamesNoSecretEndsTheStartWithoutBeingShown() {
        runner().withPropertyValues("securememory.jwt.secret=correct-horse", "securememory.jwt.algorithm=HS256")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(DeclaredSecretException.class, failure -> {
                            assertThat(failure).hasMessageContaining("securememory.jwt.secret");
                            assertThat(failure.getMessage() + failure.remedy()).doesNotContain("horse");
                        }));
    }

    @ParameterizedTest
    @CsvSource({
        "securememory.jwt.secret=jwt-key, securememory.jwt.algorithm is not set",
        "securememory.jwt.algorithm=HS256, securememory.jwt.secret is not set",
        "securememory.jwt.previous-key-grace=-1s, securememory.jwt.previous-key-grace is -1 s",
        "securememory.jwt.key-id=' ', securememory.jwt.key-id is blank"
    })
    void settingsThatMakeNoSenseEndTheStart(String property, String message) {
        runner().withPropertyValues("securememory.secrets.jwt-key.generate=32", property.replace("'", ""))
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(message));
    }

    @Test
    void theNameOfTheSecretIsNotInTheTextOfTheSettings() {
        SecureMemoryJwtProperties properties =
                new SecureMemoryJwtProperties("correct-horse", JwtAlgorithm.HS256, Duration.ofMinutes(1), null);
        assertThat(properties.toString()).contains("HS256").doesNotContain("horse");
    }

    @Test
    void aSecretOfTheApplicationsOwnIsTaken() {
        try (SecureMemory session = SecureMemory.create()) {
            Secret own = session.secrets().createRandom(40);
            generated(32, "HS256")
                    .withInitializer(context -> context.getBeanFactory().registerSingleton("jwt-key", own))
                    .run(context -> {
                        assertThat(read(context, sign(context))).isEqualTo("someone");
                        own.close();
                        assertThatExceptionOfType(JwtEncodingException.class).isThrownBy(() -> sign(context));
                    });
        }
    }
}
