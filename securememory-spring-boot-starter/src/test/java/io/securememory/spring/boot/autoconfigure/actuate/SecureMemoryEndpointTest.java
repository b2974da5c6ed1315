package io.securememory.spring.boot.autoconfigure.actuate;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.SecureMemory;
import io.securememory.SecureMemoryStatus;
import io.securememory.Storage;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.ProtectionChecks;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpoint.CountsDescriptor;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpoint.MemoryDescriptor;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpoint.ProtectionDescriptor;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpoint.ProtectionItemDescriptor;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpoint.SealingDescriptor;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpoint.SecureMemoryDescriptor;
import io.securememory.spring.boot.testsupport.Starter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.jmx.EndpointObjectNameFactory;
import org.springframework.boot.actuate.endpoint.jmx.ExposableJmxEndpoint;
import org.springframework.boot.actuate.endpoint.jmx.JmxEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.jmx.JmxOperation;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

@Tag("boot")
class SecureMemoryEndpointTest {

    @TempDir
    Path directory;

    @Test
    void itIsThereOnlyWhenExposed() {
        Starter.runner().run(context -> assertThat(context).doesNotHaveBean(SecureMemoryEndpoint.class));
        exposed().run(context -> assertThat(context).hasSingleBean(SecureMemoryEndpoint.class));
        exposed()
                .withPropertyValues("management.endpoint.securememory.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(SecureMemoryEndpoint.class));
    }

    @Test
    void itShowsCountsMemoryAndProtections() {
        long page = Starter.pageSize();
        exposed()
                .withPropertyValues(Starter.KEEPS_DROPPED_SECRETS, "securememory.mlock.limit=" + 16 * page + "B")
                .run(context -> {
                    SecureMemory session = context.getBean(SecureMemory.class);
                    session.secrets().createRandom(1).close();
                    session.secrets().createRandom(2);
                    session.secrets(Storage.SEALED).createRandom(3);
                    session.memGuard().random(4);
                    session.memGuard().sealRandom(5);

                    SecureMemoryDescriptor shown =
                            context.getBean(SecureMemoryEndpoint.class).secureMemory(null);

                    assertThat(shown.nativeAccess()).isEqualTo(session.status().nativeAccess());
                    assertThat(shown.backing()).isEqualTo("anonymous");
                    assertThat(shown.counts().liveSecrets()).isEqualTo(2);
                    assertThat(shown.counts().liveProtected()).isEqualTo(1);
                    assertThat(shown.counts().liveSealed()).isEqualTo(1);
                    assertThat(shown.counts().liveBuffers()).isEqualTo(1);
                    assertThat(shown.counts().liveEnclaves()).isEqualTo(1);
                    assertThat(shown.counts().createdTotal()).isEqualTo(5);
                    assertThat(shown.counts().closedTotal()).isEqualTo(1);
                    assertThat(shown.memory())
                            .isEqualTo(new MemoryDescriptor(
                                    session.status().lockedBytes(),
                                    session.status().idleBytes(),
                                    16 * page,
                                    session.status().mappings(),
                                    session.status().mappingLimit()));
                    assertThat(shown.sealing().sealingWindows()).isEqualTo(2);
                    assertThat(shown.protection().items())
                            .extracting(ProtectionItemDescriptor::name)
                            .contains("memory-lock", "dump-exclusion", "no-access-at-rest", "crypto-engine");
                    assertThat(shown.protection().complete())
                            .isEqualTo(session.protection().isComplete());
                });
    }

    @Test
    void eachCountIsShownAsItself() throws ReflectiveOperationException {
        SecureMemoryStatus status = StatusFixture.withDifferentCounts();
        for (Record shown : List.of(CountsDescriptor.of(status), SealingDescriptor.of(status))) {
            for (RecordComponent count : shown.getClass().getRecordComponents()) {
                assertThat(count.getAccessor().invoke(shown))
                        .as(count.getName())
                        .isEqualTo(SecureMemoryStatus.class
                                .getMethod(count.getName())
                                .invoke(status));
            }
        }
        assertThat(MemoryDescriptor.of(status))
                .isEqualTo(new MemoryDescriptor(
                        status.lockedBytes(),
                        status.idleBytes(),
                        status.lockLimitBytes(),
                        status.mappings(),
                        status.mappingLimit()));
    }

    @Test
    void withoutALimitThereIsNoneToShow() {
        assertThat(MemoryDescriptor.of(StatusFixture.with(Map.of("lockLimitBytes", -1L)))
                        .lockLimitBytes())
                .isNull();
        assertThat(MemoryDescriptor.of(StatusFixture.with(Map.of("mappingLimit", -1L)))
                        .mappingLimit())
                .isNull();
    }

    @Test
    void beforeTheFirstRekeyThereIsNoAgeToShow() {
        assertThat(SealingDescriptor.of(StatusFixture.with(Map.of("rekeyAgeMillis", -1L)))
                        .rekeyAgeMillis())
                .isNull();
    }

    @Test
    void theLibraryThatSealsLongTextsIsShownOnceItIsKnown() {
        Starter.runner().run(context -> {
            SecureMemory session = context.getBean(SecureMemory.class);
            assertThat(SealingDescriptor.of(session.status()).library()).isNull();
            session.secrets(Storage.SEALED).createRandom(100_000).close();
            String version = session.status().library();
            assertThat(SealingDescriptor.of(session.status()).library()).isEqualTo(version.isEmpty() ? null : version);
        });
    }

    @Test
    void protectionsAreTriedOnceHoweverOftenTheyAreShown() {
        AtomicInteger trials = new AtomicInteger();
        AtomicLong clock = new AtomicLong(7);
        Starter.runner().run(context -> {
            SecureMemory session = context.getBean(SecureMemory.class);
            var check = ProtectionChecks.of(
                    () -> {
                        trials.incrementAndGet();
                        return session.protection();
                    },
                    clock::get);
            var endpoint = new SecureMemoryEndpoint(
                    session,
                    context.getBean(SecretStore.class),
                    Set.of(),
                    StatusFixture.nothingWatched(),
                    check,
                    StatusFixture.engine());
            for (int i = 0; i < 100; i++) {
                endpoint.secureMemory(i % 2 == 0 ? null : Boolean.FALSE);
            }
            assertThat(trials).hasValue(1);
            clock.addAndGet(5_000_000);
            assertThat(endpoint.secureMemory(null).protection().checkedAgeMillis())
                    .isEqualTo(5);
            assertThat(endpoint.secureMemory(true).protection().checkedAgeMillis())
                    .isZero();
            assertThat(trials).hasValue(2);
        });
    }

    @Test
    void anOperatorReadsWhatIsProtectedAndTheKernelsFlagsOnce() {
        exposed().run(context -> {
            ProtectionDescriptor shown = context.getBean(SecureMemoryEndpoint.class)
                    .secureMemory(null)
                    .protection();
            assertThat(shown.kernelFlags().split(" ")).contains("lo", "dd");
            assertThat(shown.items())
                    .extracting(ProtectionItemDescriptor::name)
                    .contains("guard-pages", "swap", "attach");
            assertThat(shown.items()).allSatisfy(item -> {
                assertThat(item.detail()).doesNotContain(shown.kernelFlags());
                assertThat(item.remedy() == null)
                        .as("only of what failed and of risks: " + item)
                        .isEqualTo(!item.state().equals("RISK"));
            });
            assertThat(shown.items().get(0).detail())
                    .isEqualTo("In force: pages with secrets are locked in memory and never written to swap."
                            + " The kernel confirms it (VmFlags has lo).");
        });
    }

    @Test
    void theNamesOfTheManagementBeansAreThoseOfSpringBootsStyle() {
        Starter.runner()
                .withConfiguration(AutoConfigurations.of(
                        JmxAutoConfiguration.class,
                        EndpointAutoConfiguration.class,
                        JmxEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "spring.jmx.enabled=true",
                        "spring.jmx.default-domain=made.up",
                        "management.endpoints.jmx.domain=made.up",
                        "management.endpoint.securememorypurge.access=UNRESTRICTED",
                        "management.endpoints.jmx.exposure.include=securememory,securememorypurge")
                .run(context -> {
                    EndpointObjectNameFactory names = context.getBean(EndpointObjectNameFactory.class);
                    Map<String, Set<String>> operations = new HashMap<>();
                    for (ExposableJmxEndpoint endpoint :
                            context.getBean(JmxEndpointsSupplier.class).getEndpoints()) {
                        operations.put(
                                names.getObjectName(endpoint).getCanonicalName(),
                                endpoint.getOperations().stream()
                                        .map(JmxOperation::getName)
                                        .collect(Collectors.toSet()));
                    }
                    assertThat(operations)
                            .isEqualTo(Map.of(
                                    "made.up:name=Securememory,type=Endpoint", Set.of("secureMemory"),
                                    "made.up:name=Securememorypurge,type=Endpoint", Set.of("purge", "acknowledge")));
                });
    }

    @Test
    void namesOfSecretsAreShownOnlyOnRequest() {
        ApplicationContextRunner runner =
                exposed().withPropertyValues(location("webhook-key", write(directory, "key", Starter.MARKER)));
        runner.run(context -> {
            SecureMemoryDescriptor shown =
                    context.getBean(SecureMemoryEndpoint.class).secureMemory(null);
            assertThat(shown.names()).isNull();
            assertThat(shown.toString()).doesNotContain("webhook-key");
        });
        runner.withPropertyValues("management.endpoint.securememory.show-names=true")
                .run(context -> assertThat(context.getBean(SecureMemoryEndpoint.class)
                                .secureMemory(null)
                                .names())
                        .containsExactly("webhook-key"));
    }

    private static ApplicationContextRunner exposed() {
        return Starter.runner().withPropertyValues("management.endpoints.web.exposure.include=securememory");
    }
}
