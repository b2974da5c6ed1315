package io.securememory.memcall;

import java.util.Map;
import java.util.Optional;

/**
 * What the operating system itself shows of pages, for reports and proofs. Tells what is so; what that means for secrets is for
 * others to say.
 *
 * @param flags all that it shows, in its own words, for example {@code mr mw me lo ac wf dd} on Linux
 * @param findings what that tells of each protection; none for one of which the operating system shows nothing
 */
public record PageEvidence(String flags, Map<PageProtection, Finding> findings) {

    /** What pages can be protected by. */
    public enum PageProtection {
        /** Stays in memory, away from swap. */
        LOCKED,
        /** Is in no core dump. */
        OUT_OF_DUMPS,
        /** Its content is not in a process made by fork. */
        OUT_OF_FORKS,
        /** Can be neither read nor written. */
        NO_ACCESS
    }

    /**
     * What is shown of one protection.
     *
     * @param inForce whether it is in force
     * @param proof what shows it, for example {@code VmFlags has lo}
     */
    public record Finding(boolean inForce, String proof) {}

    /** Copies the findings. */
    public PageEvidence {
        findings = Map.copyOf(findings);
    }

    /**
     * Returns what is shown of a protection.
     *
     * @param protection one of them
     * @return the finding, or empty if nothing is shown of it
     */
    public Optional<Finding> of(PageProtection protection) {
        return Optional.ofNullable(findings.get(protection));
    }
}
