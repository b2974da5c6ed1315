package io.securememory;

import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.memguard.LockPolicy;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is tried on a page, and what its outcome means for whoever runs the application. */
enum TriedProtection {
    MEMORY_LOCK(
            "memory-lock",
            "pages with secrets are locked in memory and never written to swap",
            "pages with secrets may be written to swap",
            true,
            "lo"),

    DUMP_EXCLUSION(
            "dump-exclusion",
            "core dumps leave out the pages with secrets",
            "core dumps of this process contain secrets",
            true,
            "dd"),

    FORK_EXCLUSION(
            "fork-exclusion",
            "processes that are forked from this one get no copy of secrets",
            "processes that are forked from this one get a copy of secrets",
            true,
            "wf dc"),

    NO_ACCESS_AT_REST(
            "no-access-at-rest",
            "between two uses nothing in this process can read or write the pages with secrets",
            "everything in this process can read and write the pages with secrets at any time",
            false,
            "rd wr");

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

    /** Whether one of the flags shows it, or rather that there is none of them. */
    private final boolean present;

    /** Separated by spaces. */
    private final String flags;

    TriedProtection(String label, String meaning, String danger, boolean present, String flags) {
        this.label = label;
        this.meaning = meaning;
        this.danger = danger;
        this.present = present;
        this.flags = flags;
    }

    String label() {
        return label;
    }

    /**
     * The call succeeded, which is worth as much as the kernel shows of it.
     *
     * @param shown flags of the page, if the kernel shows any
     */
    Item accepted(Optional<Set<String>> shown) {
        if (shown.isEmpty()) {
            return inForce("The call succeeded; what the kernel shows of it cannot be read here.");
        }
        List<String> telling = List.of(flags.split(" "));
        List<String> found = telling.stream().filter(shown.get()::contains).toList();
        if (found.isEmpty() == present) {
            String contrary = present ? "lacks " + String.join(" and ", telling) : "has " + String.join(" and ", found);
            return notInForce(
                    danger,
                    "The call succeeded, but the kernel shows otherwise (VmFlags " + contrary + ").",
                    NOT_CARRIED_OUT);
        }
        String proof = present ? "has " + found.get(0) : "has neither " + String.join(" nor ", telling);
        return inForce("The kernel confirms it (VmFlags " + proof + ").");
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
