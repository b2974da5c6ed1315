package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.MemoryCallException;
import io.securememory.testing.OnEverySystem;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What an operator reads when the system refuses a call on memory, for example in a container that lets nobody lock any. */
@OnEverySystem
class MemoryCallFailureTest {

    @Test
    void theCallItsErrorAndTheRemedyAreTold() {
        MemoryCallException refused = new MemoryCallException("mlock", 1, "EPERM", "Allow it in the profile.");

        FailureAnalysis analysis = analysisOf(refused);

        assertThat(analysis.getCause()).isSameAs(refused);
        assertThat(analysis.getDescription()).contains("mlock failed with error number 1 (EPERM)");
        assertThat(analysis.getAction()).isEqualTo("Allow it in the profile.");
    }

    @Test
    void thePropertyIsToldIfTheLockPolicyHelps() {
        String remedy = "Allow it. Or set the lock policy to best-effort to go on.";

        assertThat(analysisOf(new MemoryCallException("mlock", 1, "EPERM", remedy))
                        .getAction())
                .isEqualTo(remedy + " The lock policy is the property securememory.mlock.policy.");
    }

    private static FailureAnalysis analysisOf(MemoryCallException refused) {
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (type, name, othersThatNeedMore) -> {})
                .stream()
                .map(analyzer -> analyzer.analyze(new IllegalStateException("bean", refused)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }
}
