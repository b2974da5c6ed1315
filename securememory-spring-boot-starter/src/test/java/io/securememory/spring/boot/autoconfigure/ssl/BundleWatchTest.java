package io.securememory.spring.boot.autoconfigure.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.spring.boot.testsupport.Way;
import io.securememory.spring.boot.watch.WatchState;
import io.securememory.testing.Certificates;
import io.securememory.testing.OnceInShortForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A key, its certificate and those that are trusted, replaced one after the other. */
@OnceInShortForm
@ExtendWith(OutputCaptureExtension.class)
class BundleWatchTest {

    private static final List<List<String>> ORDERS = List.of(
            List.of("key", "certificate", "trust"),
            List.of("key", "trust", "certificate"),
            List.of("certificate", "key", "trust"),
            List.of("certificate", "trust", "key"),
            List.of("trust", "key", "certificate"),
            List.of("trust", "certificate", "key"));

    private final Certificates old = Certificates.of("EC");
    private final Certificates next = Certificates.another("EC");
    private final Certificates oldTrust = Certificates.of("RSA");
    private final Certificates nextTrust = Certificates.of("Ed25519");

    @TempDir
    Path directory;

    private WatchFixture fixture;

    private WatchFixture start() {
        fixture = new WatchFixture(directory, true).with(old, oldTrust).start();
        return fixture;
    }

    @AfterEach
    void close() {
        if (fixture != null) {
            fixture.close();
        }
    }

    private String text(String file) {
        return switch (file) {
            case "key" -> next.keyPem();
            case "certificate" -> next.certificatePem();
            default -> nextTrust.certificatePem();
        };
    }

    static Stream<Arguments> replacements() {
        return ORDERS.stream()
                .flatMap(order -> Stream.of(Way.values())
                        .flatMap(way -> Stream.of(0, 1, 3)
                                .filter(pause -> pause == 1 || way == Way.RENAMED)
                                .map(pause -> Arguments.of(order, way, pause))));
    }

    private boolean isKeyOf(Certificates pair) {
        return KeyPairing.of(fixture.key(), pair.certificate()) == KeyPairing.PAIR;
    }

    @ParameterizedTest
    @MethodSource("replacements")
    void inEveryOrderTheBundleIsNewAnIntervalAfterTheLastFile(List<String> order, Way way, int pause)
            throws IOException {
        start();
        List<SslBundle> updates = new ArrayList<>();
        fixture.bundles.addBundleUpdateHandler("web", updates::add);
        List<String> replaced = new ArrayList<>();
        for (String file : order) {
            way.write(fixture.file(file), text(file));
            replaced.add(file);
            for (int i = 0; i < pause; i++) {
                fixture.interval(i % 2 == 0);
            }
            assertThat(fixture.served())
                    .as("a key and its certificate")
                    .isEqualTo((isKeyOf(next) ? next : old).certificate());
            boolean trustIsNew = pause > 0 && replaced.contains("trust");
            assertThat(fixture.trusted()).isEqualTo((trustIsNew ? nextTrust : oldTrust).certificate());
        }
        fixture.interval();
        assertThat(fixture.served()).isEqualTo(next.certificate());
        assertThat(isKeyOf(next)).isTrue();
        assertThat(fixture.trusted()).isEqualTo(nextTrust.certificate());
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.CURRENT);
        int done = updates.size();
        fixture.interval();
        assertThat(updates).as("no update without a change").hasSize(done);
    }

    @Test
    void aCertificateThatIsRenewedForTheSameKeyIsTaken() throws IOException {
        start();
        Certificates renewed = old.renewed();
        Way.RENAMED.write(fixture.file("certificate"), renewed.certificatePem());
        fixture.interval();
        assertThat(fixture.served()).isEqualTo(renewed.certificate()).isNotEqualTo(old.certificate());
        assertThat(fixture.rotation().rotations()).isZero();
    }

    @Test
    void aReloadOnRequestTakesARenewedCertificateToo() throws IOException {
        start();
        Certificates renewed = old.renewed();
        Way.RENAMED.write(fixture.file("certificate"), renewed.certificatePem());
        assertThat(fixture.store().reload(WatchFixture.KEY)).isFalse();
        assertThat(fixture.served()).isEqualTo(renewed.certificate());
    }

    @Test
    void aPairThatDoesNotComeIsWarnedOfOnceWithItsFilesAndStillTakenWhenItComes(CapturedOutput output)
            throws IOException {
        start();
        Way.RENAMED.write(fixture.file("certificate"), next.certificatePem());
        for (int i = 0; i < 9; i++) {
            fixture.interval();
        }
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.WAITING);
        assertThat(output).as("what is under way is no news").doesNotContain("WARN");
        for (int i = 0; i < 50; i++) {
            fixture.interval();
        }
        assertThat(fixture.served()).isEqualTo(old.certificate());
        assertThat(fixture.bundleStatus().failures())
                .as("those beyond the bound")
                .isEqualTo(49);
        assertThat(fixture.bundleStatus().age()).isEqualTo(Duration.ofSeconds(59));
        assertThat(output)
                .containsOnlyOnce("WARN")
                .containsOnlyOnce("The SSL bundle 'web' keeps its old key and certificate")
                .contains(
                        fixture.file("key").toString(),
                        fixture.file("certificate").toString())
                .contains("Set both to files that were made together");

        Way.RENAMED.write(fixture.file("key"), next.keyPem());
        fixture.interval();
        assertThat(fixture.served()).isEqualTo(next.certificate());
        assertThat(fixture.bundleStatus().problem()).isNull();
    }

    @Test
    void aTouchIsNoUpdate() throws IOException {
        start();
        List<SslBundle> updates = new ArrayList<>();
        fixture.bundles.addBundleUpdateHandler("web", updates::add);
        for (String file : List.of("key", "certificate", "trust")) {
            Files.setLastModifiedTime(fixture.file(file), FileTime.fromMillis(1_000_000_000_000L));
            fixture.interval();
        }
        Way.RENAMED.write(fixture.file("key"), old.keyPem().replace("\n", "\r\n"));
        fixture.interval();
        assertThat(updates).isEmpty();
        assertThat(fixture.rotation().rotations()).isEqualTo(1);
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.CURRENT);
    }

    @Test
    void aMissingOrHalfCertificateKeepsTheOldOnesUntilItIsWhole() throws IOException {
        start();
        Files.delete(fixture.file("certificate"));
        fixture.interval();
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.MISSING);
        Way.RENAMED.write(fixture.file("certificate"), next.certificatePem().substring(0, 200));
        fixture.interval();
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.FAILING);
        Way.RENAMED.write(fixture.file("key"), next.keyPem());
        Way.RENAMED.write(fixture.file("trust"), nextTrust.certificatePem());
        fixture.interval();
        assertThat(fixture.served()).isEqualTo(old.certificate());
        assertThat(fixture.trusted()).as("on its own").isEqualTo(nextTrust.certificate());
        Way.RENAMED.write(fixture.file("certificate"), next.certificatePem());
        fixture.interval();
        assertThat(fixture.served()).isEqualTo(next.certificate());
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.CURRENT);
    }

    @Test
    void whoeverUsesTheBundleAndFailsIsGivenItAgain(CapturedOutput output) throws IOException {
        start();
        AtomicInteger calls = new AtomicInteger();
        List<SslBundle> updates = new ArrayList<>();
        fixture.bundles.addBundleUpdateHandler("web", bundle -> {
            if (calls.incrementAndGet() < 3) {
                throw new StackOverflowError("of a user's own");
            }
        });
        fixture.bundles.addBundleUpdateHandler("web", updates::add);
        Way.RENAMED.write(fixture.file("certificate"), old.renewed().certificatePem());
        fixture.interval();
        assertThat(updates).isEmpty();
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.FAILING);
        fixture.interval();
        assertThat(calls).hasValue(2);
        for (int i = 0; i < 4; i++) {
            fixture.interval();
        }
        assertThat(calls).as("after a longer pause").hasValue(3);
        assertThat(updates).hasSize(1);
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.CURRENT);
        assertThat(Starter.logged(output, "ERROR", WatchedBundle.class)).hasSize(1);
    }

    @Test
    void whoeverNeverTakesTheBundleDoesNotMakeOthersTakeItForEver() throws IOException {
        start();
        List<SslBundle> updates = new ArrayList<>();
        fixture.bundles.addBundleUpdateHandler("web", updates::add);
        fixture.bundles.addBundleUpdateHandler("web", bundle -> {
            throw new IllegalStateException("never");
        });
        Way.RENAMED.write(fixture.file("certificate"), old.renewed().certificatePem());
        for (int i = 0; i < 600; i++) {
            fixture.interval();
        }
        assertThat(updates).hasSize(6);
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.FAILING);
        assertThat(fixture.bundleStatus().problem()).contains("is given it no more");
        fixture.store().reload(WatchFixture.KEY);
        assertThat(updates).as("on request").hasSize(7);
        Way.RENAMED.write(fixture.file("certificate"), old.renewed().certificatePem());
        fixture.interval();
        assertThat(updates).as("another one").hasSizeGreaterThan(7);
    }

    @Test
    void aBundleComesWithItsOptionalKeyWhicheverFileIsTheFirst() throws IOException {
        fixture = new WatchFixture(directory, false).start();
        fixture.interval();
        assertThatExceptionOfType(NoSuchSslBundleException.class).isThrownBy(() -> fixture.served());
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.MISSING);
        assertThat(fixture.bundleStatus().problem()).isNull();
        Way.RENAMED.write(fixture.file("key"), next.keyPem());
        fixture.interval();
        Way.RENAMED.write(fixture.file("certificate"), next.certificatePem());
        fixture.interval();
        assertThatExceptionOfType(NoSuchSslBundleException.class).isThrownBy(() -> fixture.served());
        Way.RENAMED.write(fixture.file("trust"), nextTrust.certificatePem());
        fixture.interval();
        assertThat(fixture.served()).isEqualTo(next.certificate());
        assertThat(fixture.trusted()).isEqualTo(nextTrust.certificate());
        Way.RENAMED.write(fixture.file("certificate"), next.renewed().certificatePem());
        fixture.interval();
        assertThat(fixture.served()).isNotEqualTo(next.certificate());
    }
}
