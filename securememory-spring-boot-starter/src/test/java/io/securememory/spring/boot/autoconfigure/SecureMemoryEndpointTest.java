package io.securememory.spring.boot.autoconfigure;

import static io.securememory.spring.boot.autoconfigure.Starter.location;
import static io.securememory.spring.boot.autoconfigure.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.ProtectionReport;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryStatus;
import io.securememory.Storage;
import io.securememory.spring.boot.autoconfigure.SecureMemoryEndpoint.CountsDescriptor;
import io.securememory.spring.boot.autoconfigure.SecureMemoryEndpoint.MemoryDescriptor;
import io.securememory.spring.boot.autoconfigure.SecureMemoryEndpoint.SealingDescriptor;
import io.securememory.spring.boot.autoconfigure.SecureMemoryEndpoint.SecureMemoryDescriptor;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
                            context.getBean(SecureMemoryEndpoint.class).secureMemory();

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
                            .extracting(ProtectionReport.Item::name)
                            .contains("memory-lock", "dump-exclusion", "no-access-at-rest");
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
    void namesOfSecretsAreShownOnlyOnRequest() {
        ApplicationContextRunner runner =
                exposed().withPropertyValues(location("webhook-key", write(directory, "key", Starter.MARKER)));
        runner.run(context -> {
            SecureMemoryDescriptor shown =
                    context.getBean(SecureMemoryEndpoint.class).secureMemory();
            assertThat(shown.names()).isNull();
            assertThat(shown.toString()).doesNotContain("webhook-key");
        });
        runner.withPropertyValues("management.endpoint.securememory.show-names=true")
                .run(context -> assertThat(context.getBean(SecureMemoryEndpoint.class)
                                .secureMemory()
                                .names())
                        .containsExactly("webhook-key"));
    }

    private static ApplicationContextRunner exposed() {
        return Starter.runner().withPropertyValues("management.endpoints.web.exposure.include=securememory");
    }
}
