package io.securememory;

import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.memcall.PageEvidence;
import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;
import io.securememory.memguard.LockPolicy;
import java.util.Optional;

/** What is tried on a page, and what its outcome means for whoever runs the application. */
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
            "What accepts calls of the kernel without carrying them out is a sandbox, such as gVisor, or an emulator. Run the"
                    + " process where Linux itself serves them, for example with the container runtime runc.";

    private static final String ASK_THE_CAUSE =
            "Find out what refuses the call: a seccomp profile, a sandbox, or a kernel that is too old.";

    /** What remedies end with, and what is no remedy where it is so. */
    private static final String GO_WITHOUT =
            " Or set the lock policy to best-effort to go on with memory that may be swapped.";

    private final String label;
    private final String meaning;
    private final String danger;

    /** What the operating system has to show for it. */
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
     * The call succeeded, which is worth as much as the kernel shows of it.
     *
     * @param shown what the kernel shows of the page, if it does
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
                        + " those that there are stay locked"
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
