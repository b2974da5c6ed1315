package io.securememory.memcall;

import java.util.Map;
import java.util.Optional;

/**
 * What the operating system itself shows about pages, for reports and proofs. It states facts only, and does not judge
 * what they mean for secrets.
 *
 * @param flags everything that it shows, in its own notation, for example {@code mr mw me lo ac wf dd} on Linux
 * @param findings what the flags show about each protection; a protection is missing if the operating system shows
 *     nothing about it
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
     * What is shown about one protection.
     *
     * @param inForce whether it is in force
     * @param proof the part of the evidence that shows it, for example {@code VmFlags has lo}
     */
    public record Finding(boolean inForce, String proof) {}

    /** Copies the findings. */
    public PageEvidence {
        findings = Map.copyOf(findings);
    }

    /**
     * Returns what is shown about a protection.
     *
     * @param protection the protection
     * @return the finding, or empty if nothing is shown about it
     */
    public Optional<Finding> of(PageProtection protection) {
        return Optional.ofNullable(findings.get(protection));
    }
}
