package io.securememory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.securememory.memcall.NativeAccess;
import io.securememory.memguard.LockedBuffer;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.SystemProperty;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A platform that the library does not know: refused, or used without protection if the application asks for that. */
@OnEverySystem
class PlatformFallbackTest {

    private static final byte[] SECRET = "a secret of some length".getBytes(US_ASCII);

    private static SecureMemory onAnUnknownPlatform(SecureMemoryOptions options) {
        try (SystemProperty ignored = SystemProperty.set("os.name", "SunOS")) {
            return SecureMemory.create(options);
        }
    }

    private static SecureMemoryOptions.Builder sealedOnly() {
        return SecureMemoryOptions.builder().platformFallback(PlatformFallback.SEALED_ONLY);
    }

    @Test
    void anUnknownPlatformIsRefusedByDefault() {
        assertThatExceptionOfType(UnsupportedPlatformException.class)
                .isThrownBy(
                        () -> onAnUnknownPlatform(SecureMemoryOptions.builder().build()))
                .withMessageStartingWith("SunOS on ")
                .withMessageContaining("Linux on")
                .withMessageContaining("platform-fallback=sealed-only");
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void secretsOfEveryStorageAreSealedAndCountAsDegraded(Storage storage) {
        try (SecureMemory session =
                onAnUnknownPlatform(sealedOnly().storage(storage).build())) {
            Secret secret = session.secrets().create(SECRET.clone());
            Secret other = session.secrets(Storage.PROTECTED).createRandom(5000);

            assertThat(secret.contentEquals(SECRET.clone())).isTrue();
            SecureMemoryStatus status = session.status();
            assertThat(status.liveSealed()).isEqualTo(2);
            assertThat(status.liveProtected()).isZero();
            assertThat(status.lockedBytes()).isZero();
            assertThat(status.degradedTotal()).isEqualTo(2);
            assertThat(status.backing()).isEqualTo("ordinary");
            assertThat(status.nativeAccess()).isEqualTo("none");

            other.close();
            assertThat(session.purge().wiped()).isEqualTo(1);
            assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> secret.contentEquals(SECRET.clone()));
        }
    }

    @Test
    void allUsesOfASecretGiveWhatTheyGiveElsewhere() {
        byte[] message = "message".getBytes(US_ASCII);
        String there;
        try (SecureMemory session = onAnUnknownPlatform(sealedOnly().build())) {
            Secret key = session.secrets().create(SECRET.clone());
            there = HexFormat.of().formatHex(new HmacSha256(key).sign(message));
            AtomicReference<ByteBuffer> kept = new AtomicReference<>();
            key.useBytes(view -> {
                ByteBuffer lent = view.asByteBuffer();
                kept.set(lent);
                assertThat(lent.get(0)).isEqualTo(SECRET[0]);
            });
            assertThat(kept.get().get(0)).isZero(); // Wiped at the end of the access.
            try (LockedBuffer buffer = session.memGuard().moveFrom(SECRET.clone())) {
                assertThat(buffer.contentEquals(SECRET)).isTrue();
            }
        }
        assertThat(there).isEqualTo(hmacOfTheJdk(message));
    }

    private static String hmacOfTheJdk(byte[] message) {
        try {
            javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
            mac.init(new javax.crypto.spec.SecretKeySpec(SECRET, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(message));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneWarningIsLogged() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.securememory.SecureMemory");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            onAnUnknownPlatform(sealedOnly().build()).close();
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list.stream().filter(event -> event.getLevel() == Level.WARN))
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .startsWith("NO MEMORY IS PROTECTED: SunOS on ")
                        .contains("real secrets"));
    }

    @Test
    void theReportSaysThatNothingIsProtected() {
        try (SecureMemory session = onAnUnknownPlatform(sealedOnly().build())) {
            ProtectionReport report = session.protection();

            assertThat(report.isComplete()).isFalse();
            assertThat(report.items().stream()
                            .filter(item -> item.state() == ProtectionReport.State.FAILED)
                            .map(ProtectionReport.Item::name))
                    .containsExactly(
                            "memory-lock", "dump-exclusion", "fork-exclusion", "guard-pages", "no-access-at-rest");
            assertThat(report.items().get(0).remedy()).contains("supported platform");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theFallbackHasNoEffectOnAKnownPlatform() {
        try (SecureMemory session = SecureMemory.create(sealedOnly().build())) {
            session.secrets().create(SECRET.clone());

            assertThat(session.status().liveProtected()).isEqualTo(1);
            assertThat(session.status().backing()).isEqualTo("anonymous");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @EnabledForJreRange(max = JRE.JAVA_21)
    void onAKnownPlatformImpossibleNativeAccessIsRefusedAllTheSame() {
        assertThatExceptionOfType(UnsupportedPlatformException.class)
                .isThrownBy(() -> SecureMemory.create(
                        sealedOnly().nativeAccess(NativeAccess.FFM).build()));
    }
}
