package io.securememory.spring.boot.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.testsupport.Starter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
@Tag("boot")
class HeapDumpWarningTest {

    private static final String EXPOSED = "management.endpoints.web.exposure.include=*";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "management.endpoint.heapdump.access=UNRESTRICTED",
                // A heap dump is something to read.
                "management.endpoint.heapdump.access=READ_ONLY",
                "management.endpoints.access.default=UNRESTRICTED"
            })
    void aHeapDumpThatCanBeFetchedIsWarnedOfOnce(String access, CapturedOutput output) {
        start(EXPOSED, access);
        assertThat(Starter.logged(output, "WARN", HeapDumpWarning.class)).hasSize(1);
        assertThat(output)
                .containsOnlyOnce("endpoint heapdump is exposed on the web")
                .contains("management.endpoint.heapdump.access=none");
    }

    @Test
    void exposureAloneIsNotWarnedOf(CapturedOutput output) {
        start(EXPOSED);
        start("management.endpoints.web.exposure.include=heapdump");
        assertThat(output).doesNotContain("heapdump");
    }

    @Test
    void accessAloneIsNotWarnedOf(CapturedOutput output) {
        start("management.endpoint.heapdump.access=UNRESTRICTED");
        start("management.endpoint.heapdump.access=UNRESTRICTED", "management.endpoints.jmx.exposure.include=*");
        assertThat(output).doesNotContain("heapdump");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "management.endpoints.web.exposure.exclude=heapdump",
                "management.endpoints.access.max-permitted=NONE",
                "securememory.enabled=false"
            })
    void whatTakesItBackIsHeeded(String property, CapturedOutput output) {
        start(EXPOSED, "management.endpoint.heapdump.access=UNRESTRICTED", property);
        assertThat(output).doesNotContain("heapdump");
    }

    private static void start(String... properties) {
        Starter.runner()
                .withPropertyValues(properties)
                .run(context -> assertThat(context).hasNotFailed());
    }
}
