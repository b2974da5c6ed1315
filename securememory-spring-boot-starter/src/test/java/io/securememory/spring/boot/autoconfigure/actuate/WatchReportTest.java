package io.securememory.spring.boot.autoconfigure.actuate;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpoint.WatchedDescriptor;
import io.securememory.spring.boot.autoconfigure.ssl.SecureMemorySslAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.ssl.WatchFixture;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.spring.boot.testsupport.Way;
import io.securememory.spring.boot.watch.SecretWatch;
import io.securememory.spring.boot.watch.WatchAccess;
import io.securememory.spring.boot.watch.WatchStatus;
import io.securememory.spring.boot.watch.Watched;
import io.securememory.testing.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What operators see of secrets and bundles that do not follow their files. */
@Tag("boot")
class WatchReportTest {

    @TempDir
    Path directory;

    private final Certificates old = Certificates.of("EC");
    private final Certificates next = Certificates.another("EC");

    private ApplicationContextRunner runner() {
        return Starter.runner()
                .withConfiguration(
                        AutoConfigurations.of(SecureMemorySslAutoConfiguration.class, SslAutoConfiguration.class))
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=securememory",
                        location("tls-key", write(directory, "key", old.keyPem())),
                        "securememory.secrets.tls-key.reload-interval=1h",
                        location("late", directory.resolve("late")),
                        "securememory.secrets.late.required=false",
                        "securememory.ssl.bundle.web.private-key=tls-key",
                        "securememory.ssl.bundle.web.certificate=file:"
                                + write(directory, "certificate", old.certificatePem()));
    }

    private ApplicationContextRunner runner(String property) throws IOException {
        Files.deleteIfExists(directory.resolve("late"));
        return runner().withPropertyValues(property);
    }

    private static Health health(ApplicationContext context) {
        return context.getBean(SecureMemoryHealthIndicator.class).health(true);
    }

    private static List<WatchedDescriptor> shown(ApplicationContext context) {
        return context.getBean(SecureMemoryEndpoint.class).secureMemory(null).files();
    }

    @Test
    void whileAllIsCurrentItIsCountedAndNothingIsWarnedOf() {
        runner().run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(health(context).getDetails())
                    .containsEntry("files", Map.of("current", 2L, "missing", 1L))
                    .doesNotContainKey("warning");
            assertThat(shown(context))
                    .extracting(WatchedDescriptor::kind, WatchedDescriptor::state, WatchedDescriptor::watched)
                    .containsExactly(
                            tuple("secret", "missing", false),
                            tuple("secret", "current", true),
                            tuple("bundle", "current", true));
            assertThat(shown(context)).allSatisfy(one -> assertThat(one.name()).isNull());
        });
    }

    @Test
    void whatWaitsOrFailsIsInHealthAndEndpointWithItsNameOnlyOnRequest() throws IOException {
        runner().run(context -> {
            becomeWrong(context);
            assertThat(health(context).getStatus()).as("what is in use works").isEqualTo(Status.UP);
            assertThat(health(context).getDetails())
                    .containsEntry("files", Map.of("waiting", 1L, "failing", 1L, "current", 1L));
            assertThat(health(context).getDetails().get("warning").toString())
                    .contains(
                            "bundle waits for key and certificate to match since ",
                            "secret does not take what its files")
                    .doesNotContain("tls-key", "late", directory.toString());
            assertThat(shown(context).toString()).doesNotContain("tls-key", "late", "'web'", directory.toString());
        });
        runner("management.endpoint.securememory.show-names=true").run(context -> {
            becomeWrong(context);
            assertThat(health(context).getDetails().get("warning").toString())
                    .contains(
                            "bundle 'web' waits for",
                            directory.resolve("certificate").toString());
            WatchedDescriptor bundle = shown(context).get(2);
            assertThat(bundle.name()).isEqualTo("web");
            assertThat(bundle.state()).isEqualTo("waiting");
            assertThat(bundle.problem()).contains("is not that of the first certificate");
            assertThat(bundle.lastGoodAgeSeconds()).isNotNegative();
            assertThat(bundle.version()).isNull();
            assertThat(shown(context).get(0).failuresTotal()).isEqualTo(1);
            assertThat(shown(context).get(0).version())
                    .as("after its first load")
                    .isEqualTo(1);
            assertThat(shown(context).get(0).previousVersions()).isZero();
        });
    }

    private void becomeWrong(ApplicationContext context) throws IOException {
        SecretStore store = context.getBean(SecretStore.class);
        write(directory, "late", "text");
        store.reload("late");
        Way.RENAMED.write(directory.resolve("late"), "");
        Way.RENAMED.write(directory.resolve("certificate"), next.certificatePem());
        for (Watched watched : WatchAccess.watched(context.getBean(SecretWatch.class))) {
            watched.look();
        }
    }

    @Test
    void whatNeverHadContentIsNotSaidToBeInUse() throws IOException {
        runner("management.endpoint.securememory.show-names=false").run(context -> {
            write(directory, "late", "");
            for (Watched watched : WatchAccess.watched(context.getBean(SecretWatch.class))) {
                watched.look();
            }
            assertThat(health(context).getDetails().get("warning").toString())
                    .contains("secret does not take what its files hold", "nothing is in use")
                    .doesNotContain("old content");
        });
    }

    @Test
    void prometheusHasAFewSeriesHoweverManySecretsThereAre() throws IOException {
        try (WatchFixture fixture =
                new WatchFixture(directory, true).with(old, old).start()) {
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            Supplier<List<WatchStatus>> states = () -> List.of(fixture.secretStatus(), fixture.bundleStatus());
            WatchMeterBinder binder = new WatchMeterBinder(states);
            binder.bindTo(registry);
            fixture.interval();
            Way.RENAMED.write(fixture.file("certificate"), next.certificatePem());
            for (int i = 0; i < 30; i++) {
                fixture.interval();
            }
            assertThat(series(registry))
                    .containsExactlyInAnyOrder(
                            "securememory_watch_files{kind=\"secret\",state=\"current\"} 1.0",
                            "securememory_watch_files{kind=\"secret\",state=\"waiting\"} 0.0",
                            "securememory_watch_files{kind=\"secret\",state=\"failing\"} 0.0",
                            "securememory_watch_files{kind=\"secret\",state=\"unavailable\"} 0.0",
                            "securememory_watch_files{kind=\"secret\",state=\"missing\"} 0.0",
                            "securememory_watch_files{kind=\"secret\",state=\"wiped\"} 0.0",
                            "securememory_watch_files{kind=\"bundle\",state=\"current\"} 0.0",
                            "securememory_watch_files{kind=\"bundle\",state=\"waiting\"} 1.0",
                            "securememory_watch_files{kind=\"bundle\",state=\"failing\"} 0.0",
                            "securememory_watch_files{kind=\"bundle\",state=\"unavailable\"} 0.0",
                            "securememory_watch_files{kind=\"bundle\",state=\"missing\"} 0.0",
                            "securememory_watch_files{kind=\"bundle\",state=\"wiped\"} 0.0",
                            "securememory_watch_age_seconds{kind=\"secret\"} 0.0",
                            "securememory_watch_age_seconds{kind=\"bundle\"} 30.0",
                            "securememory_bundles_reload_failed_total 20.0");
            assertThat(registry.scrape()).contains("# TYPE securememory_watch_age_seconds gauge");
        }
    }

    private static List<String> series(PrometheusMeterRegistry registry) {
        List<String> series = new ArrayList<>(registry.scrape().lines().toList());
        series.removeIf(line -> line.startsWith("#"));
        return series;
    }

    @Test
    void theMetricsAreBoundToTheRegistryOfTheApplication() {
        MeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        runner().withBean(MeterRegistry.class, () -> registry).run(context -> {
            context.getBean(WatchMeterBinder.class).bindTo(registry);
            assertThat(registry.get("securememory.watch.files")
                            .tag("kind", "bundle")
                            .tag("state", "current")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(registry.get("securememory.watch.age")
                            .tag("kind", "bundle")
                            .gauge()
                            .value())
                    .isBetween(0.0, 60.0);
        });
    }
}
