package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.MemoryLimitException;
import io.securememory.testing.OnEverySystem;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;

@OnEverySystem
class MemoryLimitFailureAnalyzerTest {

    private static FailureAnalysis analyze(MemoryLimitException e) {
        return new MemoryLimitFailureAnalyzer().analyze(e, e);
    }

    @Test
    void aLimitOfLockedMemoryIsExplainedByBytesAndLockPolicy() {
        FailureAnalysis analysis = analyze(new MemoryLimitException(4096, 8192, 8192, 0));

        assertThat(analysis.getDescription()).contains("4096 more bytes", "8192 bytes are locked", "limit is 8192");
        assertThat(analysis.getAction())
                .contains("memlock", "securememory.mlock.policy")
                .doesNotContain("sysctl");
    }

    @Test
    void aLimitOfMappingsIsExplainedByBothNumbersAndTheKernelsSetting() {
        FailureAnalysis analysis = analyze(MemoryLimitException.ofMappings(4096, 54_608, 65_530, 10_921));

        assertThat(analysis.getDescription()).contains("54608 mappings", "may have 65530", "vm.max_map_count");
        assertThat(analysis.getAction())
                .contains("sysctl", "securememory.storage", "securememory.mapping-reserve")
                .doesNotContain("memlock");
    }
}
