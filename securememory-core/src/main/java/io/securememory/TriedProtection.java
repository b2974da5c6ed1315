package io.securememory;

import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.memcall.PageEvidence;
import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;
import io.securememory.memguard.LockPolicy;
import java.util.Optional;

/** A protection that is tried on a page, and what the result means for the people who run the application. */
enum TriedProtection {
    MEMORY_LOCK(
            "memory-lock",
            "pages with secrets are locked in memory and never written to swap",
            "pages with secrets may be written to swap",
            PageProtection.LOCKED),

    DUMP_EXCLUSION(
            "dump-exclusion",
            "core dumps leave out the pages with secrets",
            "core dumps of this process contain secrets",
            PageProtection.OUT_OF_DUMPS),

    FORK_EXCLUSION(
            "fork-exclusion",
            "processes that are forked from this one get no copy of secrets",
            "processes that are forked from this one get a copy of secrets",
            PageProtection.OUT_OF_FORKS),

    NO_ACCESS_AT_REST(
            "no-access-at-rest",
            "between two uses nothing in this process can read or write the pages with secrets",
            "everything in this process can read and write the pages with secrets at any time",
            PageProtection.NO_ACCESS);

    private static final String NOT_CARRIED_OUT =
            "A sandbox, such as gVisor, or an emulator may accept system calls without carrying them out. Run the"
                    + " process where Linux itself carries them out, for example with the container runtime runc.";

    private static final String ASK_THE_CAUSE =
            "Find out what refuses the call: a seccomp profile, a sandbox, or a kernel that is too old.";

    /** The end of a remedy. It is left out if the lock policy is best-effort already. */
    private static final String GO_WITHOUT =
            " Or set the lock policy to best-effort to go on with memory that may be swapped.";

    private final String label;
    private final String meaning;
    private final String danger;

    /** What the operating system has to show if the protection is in force. */
    private final PageProtection evidence;

    TriedProtection(String label, String meaning, String danger, PageProtection evidence) {
        this.label = label;
        this.meaning = meaning;
        this.danger = danger;
        this.evidence = evidence;
    }

    String label() {
        return label;
    }

    /**
     * Returns the result for a call that succeeded. What the kernel shows of the page, if anything, decides
     * whether it had an effect.
     *
     * @param shown what the kernel shows of the page, or empty if it shows nothing
     */
    Item accepted(Optional<PageEvidence> shown) {
        Optional<Finding> finding = shown.flatMap(page -> page.of(evidence));
        if (finding.isEmpty()) {
            return inForce("The call succeeded; what the kernel shows of it cannot be read here.");
        }
        String proof = finding.get().proof();
        return finding.get().inForce()
                ? inForce("The kernel confirms it (" + proof + ").")
                : notInForce(
                        danger, "The call succeeded, but the kernel shows otherwise (" + proof + ").", NOT_CARRIED_OUT);
    }

    private Item inForce(String proof) {
        return new Item(label, State.ACTIVE, "In force: " + meaning + ". " + proof, "");
    }

    private Item notInForce(String consequence, String reason, String remedy) {
        return new Item(label, State.FAILED, "Not in force: " + consequence + ". " + reason, remedy);
    }

    Item failed(SecureMemoryException failure, LockPolicy policy) {
        String remedy = remedy(failure);
        String message = String.valueOf(failure.getMessage());
        String reason = message.endsWith(remedy)
                ? message.substring(0, message.length() - remedy.length()).trim()
                : message;
        boolean refuses = this == MEMORY_LOCK && policy == LockPolicy.REQUIRE;
        String consequence = refuses
                ? "no more memory can be locked. The lock policy is require: new secrets are refused, or sealed instead, and"
                        + " existing ones stay locked"
                : danger;
        String helping = policy == LockPolicy.BEST_EFFORT ? remedy.replace(GO_WITHOUT, "") : remedy;
        return notInForce(consequence, reason, helping.isEmpty() ? ASK_THE_CAUSE : helping);
    }

    private static String remedy(SecureMemoryException failure) {
        if (failure instanceof MemoryLimitException limit) {
            return limit.remedy();
        }
        return failure instanceof MemoryCallException call ? call.remedy() : "";
    }
}
