package io.securememory.test.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.test.Finding;
import io.securememory.test.Place;
import io.securememory.test.search.Search.Order;
import io.securememory.test.search.Search.Outcome;
import io.securememory.testing.OnceInShortForm;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a process cannot read its memory as a file, the heap is searched, and nothing else. */
@OnceInShortForm
class OtherSystemTest {

    @Test
    void theHeapIsSearchedAndTheReportNamesTheRest() throws Exception {
        byte[] leaked = new byte[32];
        new SecureRandom().nextBytes(leaked);
        try (SecureMemory memory = SecureMemory.create();
                Secret secret = memory.secrets().create(leaked.clone())) {
            Outcome outcome = Search.run(
                    new Order(
                            List.of(secret),
                            List.of("password"),
                            EnumSet.allOf(Place.class),
                            List.of(),
                            false,
                            Duration.ofSeconds(50),
                            line -> {}),
                    Path.of("no-such-file"));

            assertThat(outcome.findings())
                    .anyMatch(finding -> finding.place() == Place.HEAP && finding.live())
                    .allMatch(finding -> finding.place() == Place.HEAP)
                    .extracting(Finding::secret)
                    .containsOnly("password");
            assertThat(outcome.notSearched())
                    .anyMatch(
                            what -> what.startsWith("thread stacks, native memory and free memory of the heap: this"));
            assertThat(outcome.unproven()).containsExactly(Place.NATIVE_MEMORY);
        }
        Reference.reachabilityFence(leaked);
    }
}
