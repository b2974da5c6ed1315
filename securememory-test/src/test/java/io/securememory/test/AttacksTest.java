package io.securememory.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Needs;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Result;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches are right, or say what they could not do, where time, memory and rights are short. */
@OnceInShortForm
class AttacksTest {

    private static final String FOUND = "secret: 1 live copy as Latin-1 String: an element of java.lang.Object[]"
            + " <- java.util.ArrayList.elementData <- static io.securememory.test.Attacks.LEAKS";

    private static ChildJvm child(String... arguments) {
        return ChildJvm.onTestClassPath(Attacks.class)
                .withNativeAccess()
                .quickStart()
                .arguments(arguments);
    }

    private static String output(ChildJvm child) {
        Result result = child.run();
        assertThat(result.output()).contains("end");
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }

    private static ChildJvm limited(ChildJvm child, int bytes) {
        String[] limit = {
            "prlimit", "--memlock=" + bytes + ":" + bytes, "setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"
        };
        Needs.launcher(limit);
        return child.startedBy(limit);
    }

    @ParameterizedTest
    @ValueSource(ints = {8 << 20, 64 << 10})
    void littleLockedMemoryIsEnough(int bytes) {
        assertThat(output(limited(child("leak"), bytes))).contains(FOUND).doesNotContain("proves nothing");
    }

    @Test
    void tooLittleLockedMemoryIsRefusedWithARemedy() {
        assertThat(output(limited(child("leak"), 24 << 10))).contains("refused:", "ulimit -l");
    }

    @Test
    void aSmallHeapIsSearchedWithoutWhatHoldsItsObjects() {
        assertThat(output(child("leak").options("-Xmx16m")))
                .contains("live cop", "what holds it was not found out", "Not searched: what holds the ");
    }

    @Test
    void tenThousandCopiesAreOneFinding() {
        String output = output(child("copies").options("-Xmx256m"));

        assertThat(output)
                .contains("10000 live copies as byte[]: an element of java.lang.Object[]"
                        + " <- java.util.ArrayList.elementData <- static io.securememory.test.Attacks.LEAKS");
        assertThat(output.length()).isLessThan(2_000);
    }

    @Test
    void whatIsWrittenInSourceCodeCanBePassedOver() {
        assertThat(output(child("literal").options("-Xmx256m")))
                .contains("in a name or a text of a class: it is written in source code")
                .contains("without literals: []");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void whatTheTimeDidNotAllowIsNamed(int millis) {
        assertThat(output(child("time", Integer.toString(millis)).options("-Xmx256m")))
                .contains("of " + millis + " ms was over")
                .contains("Not searched: the heap: the time was over before its dump was written")
                .contains("This proves nothing about ");
    }

    @Test
    void aJavaWithoutManagementSearchesTheRest() {
        List<String> modules = new ArrayList<>(List.of("--limit-modules", "java.base,java.logging,jdk.unsupported"));
        ChildJvm child = ChildJvm.onClassPath(
                        ChildJvm.testClassPathWithout(name -> name.startsWith("logback")), Attacks.class)
                .options(modules.toArray(String[]::new))
                .withNativeAccess()
                .quickStart()
                .options("-Xmx256m")
                .arguments("leak");

        assertThat(output(child))
                .contains(
                        "Not searched: the heap: its dump could not be written: this Java has no module jdk.management")
                .contains("live copy as bytes; what holds it was not found out")
                .doesNotContain("proves nothing");
    }

    @Test
    void searchesDoNotDisturbEachOtherWhileGarbageIsCollected() {
        assertThat(output(child("busy").options("-Xmx200m")).lines().filter(line -> line.startsWith(FOUND)))
                .hasSize(2);
    }
}
