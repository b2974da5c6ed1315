package io.securememory.spring.boot.properties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.Backing;
import io.securememory.PlatformFallback;
import io.securememory.SecureMemoryOptions;
import io.securememory.SecureMemoryOptions.CoreDumps;
import io.securememory.Storage;
import io.securememory.WhenLimitReached;
import io.securememory.jca.CryptoEngine;
import io.securememory.memcall.NativeAccess;
import io.securememory.memguard.CanaryPolicy;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LibcryptoUse;
import io.securememory.memguard.LockPolicy;
import io.securememory.memguard.WindowExhaustion;
import io.securememory.spring.boot.properties.DeclaredSecret.Http;
import io.securememory.spring.boot.properties.SecureMemoryProperties.Crypto;
import io.securememory.spring.boot.properties.SecureMemoryProperties.Directory;
import io.securememory.spring.boot.properties.SecureMemoryProperties.Enclave;
import io.securememory.spring.boot.properties.SecureMemoryProperties.Mlock;
import io.securememory.spring.boot.properties.SecureMemoryProperties.Pool;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.OnEverySystem;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

@Tag("boot")
@Tag("boot-smoke")
@OnEverySystem
class SecureMemoryPropertiesTest {

    private static final Map<String, String> EVERY_PROPERTY = Map.ofEntries(
            Map.entry("securememory.enabled", "false"),
            Map.entry("securememory.storage", "sealed"),
            Map.entry("securememory.native-access", "jna"),
            Map.entry("securememory.backing", "memfd-secret"),
            Map.entry("securememory.mlock.policy", "best-effort"),
            Map.entry("securememory.mlock.limit", "64KB"),
            Map.entry("securememory.mlock.warn-threshold", "50"),
            Map.entry("securememory.mapping-reserve", "5000"),
            Map.entry("securememory.when-limit-reached", "fail"),
            Map.entry("securememory.platform-fallback", "sealed-only"),
            Map.entry("securememory.enclave.rekey-interval", "2s"),
            Map.entry("securememory.enclave.stream-chunk-size", "4KB"),
            Map.entry("securememory.enclave.max-windows", "5"),
            Map.entry("securememory.enclave.when-windows-exhausted", "wait"),
            Map.entry("securememory.enclave.libcrypto", "off"),
            Map.entry("securememory.crypto.engine", "bouncycastle"),
            Map.entry("securememory.crypto.library", "/opt/openssl/libcrypto.so.3"),
            Map.entry("securememory.pool.max-idle", "7"),
            Map.entry("securememory.close-timeout", "3s"),
            Map.entry("securememory.leak-detection", "always"),
            Map.entry("securememory.core-dumps", "disable-process"),
            Map.entry("securememory.on-canary-violation", "halt"),
            Map.entry("securememory.shutdown-hook", "true"),
            Map.entry("securememory.secrets.webhook-key.location", "file:key"),
            Map.entry("securememory.secrets.webhook-key.generate", "32"),
            Map.entry("securememory.secrets.webhook-key.trim", "false"),
            Map.entry("securememory.secrets.webhook-key.encoding", "base64"),
            Map.entry("securememory.secrets.webhook-key.reload-interval", "9s"),
            Map.entry("securememory.secrets.webhook-key.grace-period", "7s"),
            Map.entry("securememory.secrets.webhook-key.required", "false"),
            Map.entry("securememory.secrets.webhook-key.storage", "protected"),
            Map.entry("securememory.directory.location", "file:/nowhere"),
            Map.entry("securememory.directory.reload-interval", "8s"),
            Map.entry("securememory.secrets.webhook-key.environment", "VARIABLE"),
            Map.entry("securememory.secrets.webhook-key.command", "program,argument"),
            Map.entry("securememory.secrets.webhook-key.source", "bean"),
            Map.entry("securememory.secrets.webhook-key.http.url", "https://server/secret"),
            Map.entry("securememory.secrets.webhook-key.http.field", "data.key"),
            Map.entry("securememory.secrets.webhook-key.http.bundle", "trusted"),
            Map.entry("securememory.secrets.webhook-key.http.token-secret", "token"),
            Map.entry("securememory.secrets.webhook-key.http.token-header", "Authorization"),
            Map.entry("securememory.secrets.webhook-key.http.retries", "7"),
            Map.entry("securememory.secrets.webhook-key.http.allow-plain-text", "true"),
            Map.entry("securememory.secrets.webhook-key.timeout", "3s"),
            Map.entry("securememory.secrets.webhook-key.allow-world-readable", "true"));

    private static final DeclaredSecret SECRET = new DeclaredSecret(
            "file:key",
            32,
            false,
            SecretEncoding.BASE64,
            false,
            Duration.ofSeconds(9),
            Duration.ofSeconds(7),
            Storage.PROTECTED,
            "VARIABLE",
            List.of("program", "argument"),
            "bean",
            new Http("https://server/secret", "data.key", "trusted", "token", "Authorization", 7, true),
            Duration.ofSeconds(3),
            true);

    private static final DeclaredSecret PLAIN_SECRET = new DeclaredSecret(
            "file:key",
            null,
            true,
            SecretEncoding.RAW,
            true,
            null,
            Duration.ZERO,
            null,
            null,
            null,
            null,
            null,
            null,
            false);

    @Test
    void theDefaultsAreThoseOfTheCoreButForTheHookThatTheContextReplaces() {
        assertThat(bind(Map.of()).toOptions())
                .isEqualTo(SecureMemoryOptions.builder().shutdownHook(false).build());
    }

    @Test
    void everyPropertyIsBound() {
        assertThat(bind(EVERY_PROPERTY))
                .isEqualTo(new SecureMemoryProperties(
                        false,
                        Storage.SEALED,
                        NativeAccess.JNA,
                        Backing.MEMFD_SECRET,
                        new Mlock(LockPolicy.BEST_EFFORT, DataSize.ofKilobytes(64), 50),
                        5000L,
                        WhenLimitReached.FAIL,
                        PlatformFallback.SEALED_ONLY,
                        enclave(),
                        new Crypto(CryptoEngine.Choice.BOUNCYCASTLE, "/opt/openssl/libcrypto.so.3"),
                        new Pool(7),
                        Duration.ofSeconds(3),
                        LeakDetection.ALWAYS,
                        CoreDumps.DISABLE_PROCESS,
                        CanaryPolicy.HALT,
                        true,
                        new Directory("file:/nowhere", Duration.ofSeconds(8)),
                        Map.of("webhook-key", SECRET)));
    }

    private static Enclave enclave() {
        return new Enclave(Duration.ofSeconds(2), DataSize.ofKilobytes(4), 5, WindowExhaustion.WAIT, LibcryptoUse.OFF);
    }

    @Test
    void everyPropertyBecomesAnOption() {
        assertThat(bind(EVERY_PROPERTY).toOptions())
                .isEqualTo(SecureMemoryOptions.builder()
                        .storage(Storage.SEALED)
                        .whenLimitReached(WhenLimitReached.FAIL)
                        .platformFallback(PlatformFallback.SEALED_ONLY)
                        .enclaves(new EnclaveOptions(
                                Duration.ofSeconds(2), 4096, 5, WindowExhaustion.WAIT, LibcryptoUse.OFF))
                        .nativeAccess(NativeAccess.JNA)
                        .lockPolicy(LockPolicy.BEST_EFFORT)
                        .lockLimitBytes(65536)
                        .mappingReserve(5000)
                        .closeTimeout(Duration.ofSeconds(3))
                        .coreDumps(CoreDumps.DISABLE_PROCESS)
                        .backing(Backing.MEMFD_SECRET)
                        .poolMaxIdle(7)
                        .leakDetection(LeakDetection.ALWAYS)
                        .canaryPolicy(CanaryPolicy.HALT)
                        .shutdownHook(true)
                        .build());
    }

    @Test
    void aSecretIsRequiredAndTrimmedAndRawAndOfNoStorageOfItsOwnUnlessSaidOtherwise() {
        assertThat(bind(Map.of("securememory.secrets.key.location", "file:key")).secrets())
                .containsExactly(Map.entry("key", PLAIN_SECRET));
    }

    @Test
    void anySpellingOfANameIsKept() {
        assertThat(bind(Map.of(
                                "securememory.secrets.webhook-key.location", "file:a",
                                "securememory.secrets.otherKey.location", "file:b",
                                "securememory.secrets[key.pem].location", "file:c"))
                        .secrets())
                .containsOnlyKeys("webhook-key", "otherKey", "key.pem");
    }

    @Test
    void namesThatAreTheSameToTheBinderAreOneSecret() {
        DeclaredSecret secret = PLAIN_SECRET;
        assertThat(SecretNames.withoutAliases(Map.of("webhook-key", secret, "webhookkey", secret)))
                .containsOnlyKeys("webhook-key");
        assertThat(SecretNames.withoutAliases(Map.of("webhookKey", secret, "webhookkey", secret)))
                .containsOnlyKeys("webhookKey");
    }

    @Test
    void thePropertyOfASecretIsNamedAsAUserWritesIt() {
        assertThat(SecretNames.property("webhook-key", "location"))
                .isEqualTo("securememory.secrets.webhook-key.location");
        assertThat(SecretNames.property("key.pem", "trim")).isEqualTo("securememory.secrets[key.pem].trim");
    }

    @ParameterizedTest
    @CsvSource({
        "auto,                                 , false",
        "auto, /opt/openssl/libcrypto.so.3, true",
        "libcrypto,                            , true",
        "bouncycastle,                         , true"
    })
    void anEngineThatIsNamedIsExpectedAtTheStart(String engine, String library, boolean isExpected) {
        Map<String, String> properties = new HashMap<>(Map.of("securememory.crypto.engine", engine));
        if (library != null) {
            properties.put("securememory.crypto.library", library);
        }
        assertThat(bind(properties).expectsEngine()).isEqualTo(isExpected);
    }

    @Test
    void aLibraryIsNamedByItsAbsolutePath() {
        assertThatException()
                .isThrownBy(() -> bind(Map.of("securememory.crypto.library", "lib/libcrypto.so.3")))
                .havingRootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .withMessage("securememory.crypto.library is 'lib/libcrypto.so.3', expected an absolute path");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void theThresholdIsAPercentage(int percent) {
        assertThat(new Mlock(LockPolicy.REQUIRE, null, percent).warnThreshold()).isEqualTo(percent);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 101})
    void aThresholdThatIsNoPercentageIsRefused(int percent) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mlock(LockPolicy.REQUIRE, null, percent))
                .withMessage("securememory.mlock.warn-threshold is %d, expected a percentage of 1 to 100", percent);
    }

    @ParameterizedTest
    @CsvSource({
        "rekey-interval,    0",
        "rekey-interval,    1ms",
        "stream-chunk-size, 1B",
        "stream-chunk-size, 16MB",
        "max-windows,       1",
        "max-windows,       4096"
    })
    void theBoundsOfSealingAreThoseOfTheCore(String property, String value) {
        SecureMemoryProperties properties = bind(Map.of("securememory.enclave." + property, value));
        assertThat(properties.toOptions().enclaves())
                .isEqualTo(properties.enclave().toOptions())
                .isNotEqualTo(EnclaveOptions.DEFAULTS);
    }

    @ParameterizedTest
    @CsvSource({
        "rekey-interval,    -1s,      '-1 s, expected zero or 1ms to 365d'",
        "rekey-interval,    366d,     '366 d, expected zero or 1ms to 365d'",
        "rekey-interval,    999999ns, '999999 ns, expected zero or 1ms to 365d'",
        "stream-chunk-size, -1B,      '-1B, expected 1B to 16MB'",
        "stream-chunk-size, 0B,       '0B, expected 1B to 16MB'",
        "stream-chunk-size, 16777217, '16777217B, expected 1B to 16MB'",
        "stream-chunk-size, 4294967297, '4294967297B, expected 1B to 16MB'",
        "max-windows,       0,        '0, expected 1 to 4096'",
        "max-windows,       4097,     '4097, expected 1 to 4096'"
    })
    void aValueOfSealingOutOfItsRangeIsRefused(String property, String value, String problem) {
        assertThatException()
                .isThrownBy(() -> bind(Map.of("securememory.enclave." + property, value)))
                .havingRootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .withMessage("securememory.enclave." + property + " is " + problem);
    }

    @Test
    void aRekeyIntervalWithoutAUnitIsInMilliseconds() {
        assertThat(bind(Map.of("securememory.enclave.rekey-interval", "250"))
                        .enclave()
                        .rekeyInterval())
                .isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void aNegativeReserveOfMappingsIsRefused() {
        assertThatException()
                .isThrownBy(() -> bind(Map.of("securememory.mapping-reserve", "-1")))
                .havingRootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .withMessage("securememory.mapping-reserve is -1, expected zero or more");
    }

    @Test
    void aNegativeNumberOfIdleRegionsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pool(-1))
                .withMessage("securememory.pool.max-idle is -1, expected zero or more");
    }

    @Test
    void aLocationIsNotPartOfAnyToString() {
        SecureMemoryProperties properties = bind(Map.of("securememory.secrets.key.location", Starter.MARKER));
        assertThat(properties.toString()).contains("key").doesNotContain(Starter.MARKER);
    }

    private static SecureMemoryProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate(SecureMemorySettings.PREFIX, SecureMemoryProperties.class);
    }
}
