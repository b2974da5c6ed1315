package io.securememory.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Result;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Searches in heaps with little room beside the live objects. What they cost is printed; docs/residue.md has the figures. */
@OnceInShortForm
class SearchCostTest {

    private static final int ROOM = 70;

    static Stream<Integer> sizes() {
        return Effort.cases(1, 1, List.of(64, 512, 1024, 2048));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void theLeakIsFoundWithItsPath(int megabytes) {
        Result result = ChildJvm.onTestClassPath(SearchCostProgram.class)
                .options("-XX:+UseG1GC", "-Xmx" + (megabytes * 6 / 5 + ROOM) + "m")
                .withNativeAccess()
                .within(Effort.limit(Duration.ofMinutes(5)))
                .arguments(Integer.toString(megabytes))
                .run();

        System.out.println(result.output());
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("key: 1 live copy as Latin-1 String", "static " + SearchCostProgram.class.getName() + ".leak")
                .contains("unproven []");
    }
}
