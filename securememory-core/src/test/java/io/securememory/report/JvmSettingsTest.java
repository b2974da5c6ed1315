package io.securememory.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Result;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@OnEverySystem
class JvmSettingsTest {

    private static JvmSettings with(Map<String, String> flags) {
        return new JvmSettings(name -> Optional.ofNullable(flags.get(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, ACTIVE, mechanism to attach to this JVM",
        "true, false, ACTIVE, mechanism to attach to this JVM",
        "false, true, RISK, load code into it",
        "false, false, RISK, cannot load agents"
    })
    void toolsThatCanAttachAreARisk(String disabled, String agents, State state, String text) {
        Item item = with(Map.of("DisableAttachMechanism", disabled, "EnableDynamicAgentLoading", agents))
                .attach();
        assertThat(item.state()).isEqualTo(state);
        assertThat(item.detail()).contains(text);
    }

    @ParameterizedTest
    @CsvSource({"true, FAILED", "false, ACTIVE", ", FAILED"})
    void aJvmThatWritesADumpItselfIsNotStoppedByTheOperatingSystem(@Nullable String option, State state) {
        JvmSettings jvm = new JvmSettings(
                name -> name.equals("CreateCoredumpOnCrash") ? Optional.ofNullable(option) : Optional.empty());

        assertThat(jvm.dumpsDisabled(() -> Items.active("core-dumps-disabled", "In force."))
                        .state())
                .isEqualTo(state);
    }

    @Test
    void agentsThatAreNotToldOfCountAsAllowed() {
        assertThat(with(Map.of("DisableAttachMechanism", "false")).attach().detail())
                .contains("load code into it");
    }

    @Test
    void aHeapDumpIsARisk() {
        assertThat(with(Map.of("HeapDumpOnOutOfMemoryError", "true")).heapDump().state())
                .isEqualTo(State.RISK);
        assertThat(with(Map.of("HeapDumpOnOutOfMemoryError", "false"))
                        .heapDump()
                        .state())
                .isEqualTo(State.OFF);
    }

    @Test
    void anOptionThatIsNotToldIsUnknown() {
        assertThat(with(Map.of()).attach().state()).isEqualTo(State.UNKNOWN);
        assertThat(with(Map.of()).heapDump().state()).isEqualTo(State.UNKNOWN);
        assertThat(new HotSpotFlags().value("NoSuchOption")).isEmpty();
    }

    @Test
    void optionsOfTheCommandLineAreSeen() {
        Result result = ChildJvm.onTestClassPath(Child.class)
                .quickStart()
                .options("-XX:+DisableAttachMechanism", "-XX:+HeapDumpOnOutOfMemoryError")
                .run();
        assertThat(result.output()).isEqualToIgnoringNewLines("attach ACTIVE, heap-dump-on-oom RISK");
    }

    @Test
    void defaultsAreSeen() {
        Result result = ChildJvm.onTestClassPath(Child.class).quickStart().run();
        assertThat(result.output()).isEqualToIgnoringNewLines("attach RISK, heap-dump-on-oom OFF");
    }

    @Test
    void aJavaWithoutManagementIsNoReasonForNoReport() {
        Result result = ChildJvm.onTestClassPath(Child.class)
                .quickStart()
                .options("--limit-modules=java.base")
                .run();
        assertThat(result.output()).isEqualToIgnoringNewLines("attach UNKNOWN, heap-dump-on-oom UNKNOWN");
    }

    /** The child. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) {
            JvmSettings settings = new JvmSettings(new HotSpotFlags());
            Item attach = settings.attach();
            Item heapDump = settings.heapDump();
            System.out.println(attach.name() + " " + attach.state() + ", " + heapDump.name() + " " + heapDump.state());
        }
    }
}
