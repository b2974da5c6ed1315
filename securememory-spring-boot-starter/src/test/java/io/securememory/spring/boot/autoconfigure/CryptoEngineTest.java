package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.securememory.ProtectionReport;
import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.jca.CryptoEngine;
import io.securememory.jca.CryptoEngineException;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpoint;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpoint.CryptoDescriptor;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryHealthIndicator;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Await;
import io.securememory.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** What computes with keys: when it is chosen, what operators see of it, and what happens without it. */
@Tag("boot")
class CryptoEngineTest {

    private static final String EXPOSED = "management.endpoints.web.exposure.include=securememory";

    @TempDir
    Path directory;

    @Test
    void operatorsReadWhichEngineWorks() {
        Starter.runner()
                .withPropertyValues(EXPOSED, "management.endpoints.jmx.exposure.include=*")
                .run(context -> {
                    CryptoEngine engine = context.getBean(CryptoEngine.class);
                    assertThat(engine.kind()).isEqualTo(CryptoEngine.Kind.LIBCRYPTO);

                    SecureMemoryEndpoint.SecureMemoryDescriptor shown =
                            context.getBean(SecureMemoryEndpoint.class).secureMemory(null);
                    assertThat(shown.crypto())
                            .isEqualTo(new CryptoDescriptor("libcrypto", engine.version(), null, null));
                    assertThat(shown.protection().items()).anySatisfy(item -> {
                        assertThat(item.name()).isEqualTo("crypto-engine");
                        assertThat(item.state()).isEqualTo("ACTIVE");
                        assertThat(item.detail()).contains(engine.version(), "native memory");
                    });
                    Health health =
                            context.getBean(SecureMemoryHealthIndicator.class).health();
                    assertThat(health.getDetails())
                            .containsEntry("crypto", Map.of("engine", "libcrypto", "version", engine.version()));
                });
    }

    @Test
    void aMachineWithoutAnEngineIsARiskWithItsRemedyAndNoOutage() {
        CryptoEngineException failure = failure();
        ChosenEngine none = new ChosenEngine(() -> {
            throw new IllegalStateException(failure);
        });

        ChosenEngine.Found found = none.found();
        assertThat(found.engine()).isEqualTo("none");
        assertThat(found.consequence()).isEqualTo(failure.getMessage());
        assertThat(found.remedy()).contains("securememory.crypto.library");
        ProtectionReport report = none.addTo(new ProtectionReport(List.of(), "lo"));
        assertThat(report.items())
                .containsExactly(new Item("crypto-engine", State.RISK, found.consequence(), found.remedy()));
        assertThat(report.isComplete()).isTrue();
        assertThat(report.kernelFlags()).isEqualTo("lo");
    }

    /** What computes on the heap is in no way as good, and is usable. */
    @Test
    void aFallbackStaysUpAndSaysWhatFollows() {
        CryptoEngine fallback = mock(CryptoEngine.class);
        when(fallback.kind()).thenReturn(CryptoEngine.Kind.BOUNCYCASTLE);
        when(fallback.version()).thenReturn("BouncyCastle 1.83");
        when(fallback.consequence()).thenReturn("Keys are on the heap.");
        Starter.runner().withBean(CryptoEngine.class, () -> fallback).run(context -> {
            Health health = context.getBean(SecureMemoryHealthIndicator.class).health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails().get("risks"))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .contains("crypto-engine");
            assertThat(health.getDetails().get("crypto").toString())
                    .contains("engine=bouncycastle", "BouncyCastle 1.83", "Keys are on the heap.", "Install OpenSSL 3");
        });
    }

    @Test
    void anEngineIsChosenOnceAndAFailureIsNotKept() {
        boolean[] fails = {true};
        int[] choices = new int[1];
        CryptoEngine engine = mock(CryptoEngine.class);
        when(engine.kind()).thenReturn(CryptoEngine.Kind.LIBCRYPTO);
        ChosenEngine chosen = new ChosenEngine(() -> {
            choices[0]++;
            if (fails[0]) {
                throw new IllegalStateException("for now");
            }
            return engine;
        });
        assertThat(chosen.addIfChosen(new ProtectionReport(List.of(), "")).items())
                .isEmpty();
        assertThat(chosen.found().consequence()).contains("IllegalStateException");
        fails[0] = false;
        assertThat(chosen.get()).isSameAs(engine);
        assertThat(chosen.found().engine()).isEqualTo("libcrypto");
        assertThat(choices[0]).isEqualTo(2);
        assertThat(chosen.addIfChosen(new ProtectionReport(List.of(), "")).items())
                .hasSize(1);
    }

    @Test
    void aLibraryThatIsNotThereFailsTheStart() {
        Path missing = directory.resolve("libcrypto.so.3");
        Starter.runner()
                .withPropertyValues("securememory.crypto.library=" + missing, "spring.main.lazy-initialization=true")
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis analysis = new CryptoEngineFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis.getDescription()).contains(missing.toString());
                    assertThat(analysis.getAction())
                            .contains("libssl3", "securememory.crypto.library", "securememory.crypto.engine");
                });
    }

    @Test
    void whatIsNoLibcryptoIsExplained() throws IOException {
        Path other = Files.writeString(directory.resolve("libcrypto.so.3"), "no library");
        Result result = Starter.child(Application.class)
                .withNativeAccess()
                .arguments("--securememory.crypto.engine=libcrypto", "--securememory.crypto.library=" + other)
                .run();
        assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
        assertThat(result.output())
                .contains("APPLICATION FAILED TO START", "Keys in protected memory cannot be used", "Do one of these")
                .doesNotContain("\tat ");
    }

    /** Also not for the log when the application is ready. */
    @Test
    void anApplicationWithoutKeysLoadsNoLibrary() {
        Result result = Starter.child(Application.class).withNativeAccess().run();
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("before a key: false", "after a report: true", "Secure memory has in force");
    }

    private CryptoEngineException failure() {
        try {
            CryptoEngine.choose(CryptoEngine.Choice.LIBCRYPTO, directory.resolve("none"));
            throw new AssertionError("there is such a library");
        } catch (CryptoEngineException e) {
            return e;
        }
    }

    /** Looks into its own mappings. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        public static void main(String[] arguments) throws Exception {
            try (ConfigurableApplicationContext context = SpringApplication.run(Application.class, arguments)) {
                Await.until(
                        "the log of protections",
                        () -> Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(thread -> thread.getName().equals("secure-memory-protections")));
                System.out.println("before a key: " + isLoaded());
                context.getBean(SecureMemoryHealthIndicator.class).health();
                System.out.println("after a report: " + isLoaded());
            }
        }

        private static boolean isLoaded() throws IOException {
            return Files.readString(Path.of("/proc/self/maps")).contains("libcrypto");
        }
    }
}
