package io.securememory.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.Needs;
import io.securememory.testing.Result;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Leaks of each form in each place are found, with each garbage collector in the long form. */
class SeededLeaksTest {

    static Stream<String> collectors() {
        return Effort.cases(2, 1, List.of("G1", "Z", "Serial", "Parallel", "Shenandoah"));
    }

    @ParameterizedTest
    @MethodSource("collectors")
    void allAreFoundWithTheirPlaces(String collector) {
        String option = "-XX:+Use" + collector + "GC";
        Needs.javaOptions(option);
        // There is room for garbage until the search ends, so that it is not overwritten.
        Result result = ChildJvm.onTestClassPath(SeededLeaks.class)
                .options("-XX:TieredStopAtLevel=1", option, "-Xms512m", "-Xmx1g", "-XX:NewSize=256m")
                .withNativeAccess()
                .run();

        System.out.println(collector + ":\n" + result.output());
        assertThat(result.output()).contains("unproven [], not searched []").contains("31 leaks in");
        assertThat(result.output().lines().filter(line -> line.startsWith("right: ")))
                .hasSize(31);
        assertThat(result.exitCode()).isZero();
    }
}
