package io.securememory.spring.boot.autoconfigure.actuate;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.ProtectionReport;
import io.securememory.ProtectionReport.State;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.autoconfigure.ProtectionCheck;
import io.securememory.spring.boot.autoconfigure.ProtectionChecks;
import io.securememory.spring.boot.testsupport.Starter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoEndpoint;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

@Tag("boot")
class SecureMemoryInfoContributorTest {

    private static final String ENABLED = "management.info.securememory.enabled=true";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"nothing.is.set=1", "management.info.securememory.enabled=false"})
    void itIsThereOnlyWhenEnabled(String property) {
        Starter.runner()
                .withPropertyValues(property)
                .run(context -> assertThat(context).doesNotHaveBean(SecureMemoryInfoContributor.class));
        enabled().run(context -> assertThat(context).hasSingleBean(SecureMemoryInfoContributor.class));
    }

    @Test
    void aContributorOfTheApplicationIsUsedInPlaceOfOurs() {
        enabled()
                .withBean(
                        "own",
                        SecureMemoryInfoContributor.class,
                        () -> new SecureMemoryInfoContributor(null, null, null))
                .run(context -> assertThat(context.getBeanNamesForType(SecureMemoryInfoContributor.class))
                        .containsExactly("own"));
    }

    @Test
    void itShowsWhatTheMachineGivesAndNothingMore() {
        enabled()
                .withPropertyValues(location("webhook-key", write(directory, "key", Starter.MARKER)))
                .run(context -> {
                    SecureMemory session = context.getBean(SecureMemory.class);
                    SecureMemoryInfoContributor contributor = context.getBean(SecureMemoryInfoContributor.class);

                    Map<String, Object> info = new InfoEndpoint(List.of(contributor)).info();

                    assertThat(info).containsOnlyKeys("secureMemory");
                    assertThat(details(contributor))
                            .containsEntry("nativeAccess", session.status().nativeAccess())
                            .containsEntry("backing", "anonymous")
                            .containsEntry(
                                    "protectionComplete", session.protection().isComplete());
                    assertThat(details(contributor).keySet())
                            .isSubsetOf(
                                    "version",
                                    "nativeAccess",
                                    "backing",
                                    "crypto",
                                    "protectionComplete",
                                    "protections");
                    Map<?, ?> protections = (Map<?, ?>) details(contributor).get("protections");
                    assertThat(protections).hasSize(14);
                    assertThat(protections.get("memory-lock"))
                            .asString()
                            .startsWith("In force: pages with secrets are locked in memory");
                });
    }

    @Test
    void itTellsWhetherTheProtectionsOfTheSessionAreComplete() {
        enabled().withPropertyValues("securememory.backing=memfd-secret").run(context -> {
            SecureMemory session = context.getBean(SecureMemory.class);
            assertThat(details(context.getBean(SecureMemoryInfoContributor.class)))
                    .containsEntry("protectionComplete", session.protection().isComplete());
        });
    }

    @Test
    void whyAProtectionFailedIsNoInformationForEveryone() {
        ProtectionReport report = new ProtectionReport(
                List.of(new ProtectionReport.Item("memory-lock", State.FAILED, "the limit is 4711", "Raise it.")), "");
        ProtectionCheck check = ProtectionChecks.of(() -> report, System::nanoTime);
        try (SecureMemory session = SecureMemory.create()) {
            assertThat(details(new SecureMemoryInfoContributor(session, check, StatusFixture.engine()))
                            .toString())
                    .contains("memory-lock=Not in force")
                    .contains("endpoint securememory")
                    .doesNotContain("4711");
        }
    }

    @Test
    void whereTheMachineIsWeakIsNoInformationForEveryone() {
        ProtectionReport report = new ProtectionReport(
                List.of(
                        new ProtectionReport.Item("swap", State.RISK, "It is written to /dev/sda3.", "Turn it off."),
                        new ProtectionReport.Item("attach", State.ACTIVE, "In force: nobody can.", "")),
                "");
        ProtectionCheck check = ProtectionChecks.of(() -> report, System::nanoTime);
        try (SecureMemory session = SecureMemory.create()) {
            assertThat(details(new SecureMemoryInfoContributor(session, check, StatusFixture.engine())))
                    .containsEntry("protectionComplete", true)
                    .extractingByKey("protections")
                    .asString()
                    .contains("swap=A setting makes secrets easier to reach.")
                    .contains("attach=In force: nobody can.")
                    .doesNotContain("sda3", "Turn it off");
        }
    }

    private static ApplicationContextRunner enabled() {
        return Starter.runner().withPropertyValues(ENABLED);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> details(SecureMemoryInfoContributor contributor) {
        Info.Builder builder = new Info.Builder();
        contributor.contribute(builder);
        return builder.build().get("secureMemory", Map.class);
    }
}
