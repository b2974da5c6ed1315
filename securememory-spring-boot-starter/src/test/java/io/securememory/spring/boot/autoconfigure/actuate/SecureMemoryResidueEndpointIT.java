package io.securememory.spring.boot.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryResidueEndpoint.FindingDescriptor;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryResidueEndpoint.ResidueDescriptor;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryResidueEndpoint.ResultDescriptor;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.test.ResidueReport;
import io.securememory.test.ResidueSearch;
import io.securememory.testing.Await;
import io.securememory.testing.OnceInShortForm;
import java.security.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
@OnceInShortForm
class SecureMemoryResidueEndpointIT {

    private static final String ACCESS = "management.endpoint.securememoryresidue.access=UNRESTRICTED";
    private static final String SHOW_NAMES = "management.endpoint.securememory.show-names=true";

    @SuppressWarnings("unused") // It is found by its path.
    private static @Nullable Object leak;

    @ParameterizedTest
    @ValueSource(strings = {"*", "securememoryresidue"})
    void exposureAloneDoesNotMakeItAvailable(String exposed) {
        Starter.runner()
                .withPropertyValues("management.endpoints.web.exposure.include=" + exposed)
                .run(context -> assertThat(context)
                        .doesNotHaveBean(SecureMemoryResidueEndpoint.class)
                        .doesNotHaveBean(ResidueSearches.class));
    }

    @Test
    void accessAloneDoesNotExposeIt() {
        Starter.runner()
                .withPropertyValues(ACCESS)
                .run(context -> assertThat(context).doesNotHaveBean(SecureMemoryResidueEndpoint.class));
    }

    @Test
    void aCleanApplicationHasNoCopies(CapturedOutput output) {
        available().run(context -> {
            SecureMemoryResidueEndpoint endpoint = context.getBean(SecureMemoryResidueEndpoint.class);
            assertThat(endpoint.residue()).isEqualTo(new ResidueDescriptor(null, null, null));

            ResultDescriptor result = searched(endpoint, null);

            assertThat(result.problem()).isNull();
            assertThat(result.findings()).isEmpty();
            assertThat(result.unproven()).isEmpty();
            assertThat(result.searchedBytes()).isPositive();
            assertThat(endpoint.residue().last()).as("what is kept").isEqualTo(result);
        });
        assertThat(Starter.logged(output, "WARN", SecureMemoryResidueEndpoint.class))
                .singleElement()
                .asString()
                .contains("copies of all declared secrets", "for 'an?operator'")
                .doesNotContain("webhook-key");
    }

    @Test
    void aCopyIsShownWithWhatHoldsItAndWithoutTheName() {
        available().run(context -> {
            FindingDescriptor finding = leaking(
                    context.getBean("webhook-key", Secret.class),
                    () -> searched(context.getBean(SecureMemoryResidueEndpoint.class), null));

            assertThat(finding.secret()).as("the second of the names").isEqualTo("secret 2");
        });
    }

    @Test
    void aSingleSecretIsSearchedForAndNamedWhereNamesAreShown(CapturedOutput output) {
        available().withPropertyValues(SHOW_NAMES).run(context -> {
            FindingDescriptor finding = leaking(
                    context.getBean("webhook-key", Secret.class),
                    () -> searched(context.getBean(SecureMemoryResidueEndpoint.class), "webhook-key"));

            assertThat(finding.secret()).isEqualTo("webhook-key");
            assertThat(searched(context.getBean(SecureMemoryResidueEndpoint.class), "other")
                            .findings())
                    .isEmpty();
        });
        assertThat(output).contains("A search for copies of the secret 'webhook-key' was started");
    }

    /** Returns the only live copy of a secret that has one. */
    private static FindingDescriptor leaking(Secret secret, Supplier<ResultDescriptor> search) {
        leak = secret.withHeapBytes(byte[]::clone);
        try {
            return assertThat(search.get().findings())
                    .filteredOn(FindingDescriptor::live)
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.place()).isEqualTo("HEAP");
                        assertThat(finding.encoding()).isEqualTo("BYTES");
                        assertThat(finding.copies()).isEqualTo(1);
                        assertThat(finding.holder())
                                .contains("static " + SecureMemoryResidueEndpointIT.class.getName() + ".leak");
                    })
                    .actual();
        } finally {
            leak = null;
        }
    }

    @Test
    void aSecondSearchIsRefusedAndDoesNotWait() {
        CountDownLatch go = new CountDownLatch(1);
        Function<ResidueSearch, ResidueReport> later = search -> {
            Await.open("the search may go on", go);
            return search.run();
        };
        available()
                .withBean(ResidueSearches.class, () -> new ResidueSearches(Duration.ofMinutes(1), later))
                .run(context -> {
                    SecureMemoryResidueEndpoint endpoint = context.getBean(SecureMemoryResidueEndpoint.class);
                    try {
                        assertThat(endpoint.search(SecurityContext.NONE, null).getStatus())
                                .isEqualTo(202);
                        WebEndpointResponse<ResidueDescriptor> second = endpoint.search(SecurityContext.NONE, "other");
                        assertThat(second.getStatus()).isEqualTo(409);
                        assertThat(second.getBody().refusal()).startsWith("Another search is running");
                        assertThat(second.getBody().runningSince()).isNotNull();
                        available()
                                .run(other -> assertThat(other.getBean(SecureMemoryResidueEndpoint.class)
                                                .search(SecurityContext.NONE, null)
                                                .getStatus())
                                        .as("of another context of the process")
                                        .isEqualTo(409));
                    } finally {
                        go.countDown();
                    }
                    assertThat(ended(endpoint).problem()).isNull();
                    assertThat(searched(endpoint, null).problem()).isNull();
                });
    }

    @Test
    void aSearchThatFailsSaysWhyAndIsNotTheLast() {
        Function<ResidueSearch, ResidueReport> failing = search -> {
            throw new IllegalArgumentException("'secret 1' cannot be told apart");
        };
        available()
                .withBean(ResidueSearches.class, () -> new ResidueSearches(Duration.ofMinutes(1), failing))
                .run(context -> {
                    SecureMemoryResidueEndpoint endpoint = context.getBean(SecureMemoryResidueEndpoint.class);
                    String problem = "IllegalArgumentException: 'secret 1' cannot be told apart";
                    assertThat(searched(endpoint, null).problem()).isEqualTo(problem);
                    assertThat(searched(endpoint, "webhook-key").problem()).isEqualTo(problem);
                });
    }

    @Test
    void theTimeIsLimited() {
        available()
                .withPropertyValues("management.endpoint.securememoryresidue.time-limit=1ns")
                .run(context -> {
                    ResultDescriptor result = searched(context.getBean(SecureMemoryResidueEndpoint.class), null);
                    assertThat(result.proof()).isFalse();
                    assertThat(result.notSearched()).isNotEmpty();
                });
        available()
                .withPropertyValues("management.endpoint.securememoryresidue.time-limit=0s")
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void anUnknownSecretIsRefusedWithoutANameOfAnother() {
        available().run(context -> {
            SecureMemoryResidueEndpoint endpoint = context.getBean(SecureMemoryResidueEndpoint.class);
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> endpoint.search(SecurityContext.NONE, "webhook"))
                    .withMessageContaining("no declared secret of this name")
                    .withMessageNotContaining("webhook-key");
            assertThat(searched(endpoint, "other").problem()).as("after it").isNull();
        });
    }

    @Test
    void noHealthSearches() {
        available().run(context -> {
            context.getBeansOfType(HealthIndicator.class).values().forEach(HealthIndicator::health);
            assertThat(context.getBean(ResidueSearches.class).state()).isEqualTo(new ResidueSearches.State(null, null));
        });
    }

    private static ResultDescriptor searched(SecureMemoryResidueEndpoint endpoint, @Nullable String secret) {
        WebEndpointResponse<ResidueDescriptor> answer = endpoint.search(new Operator(), secret);
        assertThat(answer.getStatus()).isEqualTo(202);
        assertThat(answer.getBody().refusal()).isNull();
        return ended(endpoint);
    }

    private static ResultDescriptor ended(SecureMemoryResidueEndpoint endpoint) {
        return Await.value(
                "the end of the search",
                () -> Optional.of(endpoint.residue())
                        .filter(residue -> residue.runningSince() == null)
                        .map(ResidueDescriptor::last));
    }

    private static final class Operator implements SecurityContext {

        @Override
        public Principal getPrincipal() {
            return () -> "an\noperator";
        }

        @Override
        public boolean isUserInRole(String role) {
            return false;
        }
    }

    private static ApplicationContextRunner available() {
        return Starter.runner()
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=securememoryresidue",
                        ACCESS,
                        "securememory.secrets.webhook-key.generate=32",
                        "securememory.secrets.other.generate=32");
    }
}
