package io.securememory.report;

import io.securememory.MemoryCallException;
import io.securememory.MemoryLimitException;
import io.securememory.ProtectionReport.Item;
import io.securememory.memcall.PageEvidence;
import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;
import io.securememory.memguard.LockPolicy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    GUARD_PAGES(
            "guard-pages",
            "code that runs past either end of the pages with secrets is stopped at once",
            "code that runs past an end of the pages with secrets reads or writes what is there",
            PageProtection.NO_ACCESS),

    NO_ACCESS_AT_REST(
            "no-access-at-rest",
            "between two uses nothing in this process can read or write the pages with secrets",
            "everything in this process can read and write the pages with secrets at any time",
            PageProtection.NO_ACCESS),

    HIDDEN(
            "memfd-secret",
            "not even root, or the kernel for another process, can read the pages with secrets",
            "root can read the pages with secrets",
            null);

    private static final String NOT_CARRIED_OUT =
            "A sandbox, such as gVisor, or an emulator may accept system calls without carrying them out. Run the"
                    + " process where Linux itself carries them out, for example with the container runtime runc.";

    private static final String ASK_THE_CAUSE =
            "Find out what refuses the call: a seccomp profile, a sandbox, or a kernel that is too old.";

    /** The end of a remedy. It is left out if the lock policy is best-effort already. */
    private static final String GO_WITHOUT =
            " Or set the lock policy to best-effort to go on with memory that may be swapped.";

    private static final String GET_SECRET_MEMORY =
            "Use Linux 5.14 or newer with memfd_secret (before 6.5, also the boot option secretmem.enable=1), a seccomp"
                    + " profile that allows it, and a lock policy other than off. Or set the backing to anonymous to go"
                    + " without.";

    private final String label;
    private final String meaning;
    private final String danger;

    /** What the operating system has to show if the protection is in force; null if it shows nothing of it. */
    private final @Nullable PageProtection evidence;

    TriedProtection(String label, String meaning, String danger, @Nullable PageProtection evidence) {
        this.label = label;
        this.meaning = meaning;
        this.danger = danger;
        this.evidence = evidence;
    }

    String label() {
        return label;
    }

    /**
     * Returns the result for calls that succeeded. What the kernel shows of the pages, if anything, decides whether they
     * had an effect.
     *
     * @param shown what the kernel shows of each page; empty for a page of which it shows nothing
     */
    Item accepted(List<Optional<PageEvidence>> shown) {
        List<Optional<Finding>> findings =
                shown.stream().map(page -> page.flatMap(this::finding)).toList();
        Optional<Finding> denied = findings.stream()
                .flatMap(Optional::stream)
                .filter(finding -> !finding.inForce())
                .findFirst();
        if (denied.isPresent()) {
            return notInForce(
                    danger,
                    "The call succeeded, but the kernel shows otherwise ("
                            + denied.get().proof() + ").",
                    NOT_CARRIED_OUT);
        }
        if (findings.isEmpty() || findings.stream().anyMatch(Optional::isEmpty)) {
            return inForce("The call succeeded; what the kernel shows of it cannot be read here.");
        }
        return inForce(
                "The kernel confirms it (" + findings.get(0).orElseThrow().proof() + ").");
    }

    /**
     * Returns the result for pages that are in memory because they are hidden from the kernel. Some kernels do not show that
     * (Linux 6.12 on arm64). Source: memfd_secret(2).
     */
    Item byHiding(List<Optional<PageEvidence>> shown) {
        boolean confirmed = shown.stream()
                .allMatch(page ->
                        page.flatMap(this::finding).map(Finding::inForce).orElse(false));
        return confirmed
                ? accepted(shown)
                : inForce(
                        "Pages that are hidden from the kernel always stay in memory (memfd_secret); this kernel does not"
                                + " show it.");
    }

    private Optional<Finding> finding(PageEvidence page) {
        return evidence == null ? Optional.empty() : page.of(evidence);
    }

    private Item inForce(String proof) {
        return Items.active(label, "In force: " + meaning + ". " + proof);
    }

    private Item notInForce(String consequence, String reason, String remedy) {
        return Items.failed(label, "Not in force: " + consequence + ". " + reason, remedy);
    }

    /** Returns the result for a call that failed. */
    Item failed(RuntimeException failure, AskedFor asked) {
        String remedy = remedy(failure);
        String message = String.valueOf(failure.getMessage());
        String reason = message.endsWith(remedy)
                ? message.substring(0, message.length() - remedy.length()).trim()
                : message;
        String helping = asked.lockPolicy() == LockPolicy.BEST_EFFORT ? remedy.replace(GO_WITHOUT, "") : remedy;
        return notInForce(consequence(asked), reason, helping.isEmpty() ? ASK_THE_CAUSE : helping);
    }

    private String consequence(AskedFor asked) {
        if (this == HIDDEN || (this == MEMORY_LOCK && asked.hides())) {
            return "no more memory can be hidden. New secrets are refused, or sealed instead, and existing ones stay hidden"
                    + " and locked";
        }
        return this == MEMORY_LOCK && asked.lockPolicy() == LockPolicy.REQUIRE
                ? "no more memory can be locked. The lock policy is require: new secrets are refused, or sealed instead, and"
                        + " existing ones stay locked"
                : danger;
    }

    private static String remedy(RuntimeException failure) {
        if (failure instanceof MemoryLimitException limit) {
            return limit.remedy();
        }
        return failure instanceof MemoryCallException call ? call.remedy() : "";
    }

    /** Returns the result on a platform that is not supported, where all memory is ordinary memory. */
    Item impossible() {
        return notInForce(
                danger,
                "This platform is not supported, and the platform fallback is sealed-only.",
                "Use this for a developer's machine only, and run the application on a supported platform.");
    }

    /** Returns the result where pages without access lose their lock, so that locked pages keep their access. */
    Item givenUpForTheLock() {
        return Items.risk(
                label,
                "Not in force: everything in this process can read the pages with secrets at any time; nothing can write them"
                        + " between two uses. This operating system takes the lock from pages without access, and writes"
                        + " them to its paging file; the lock is kept instead.",
                "To have it the other way, set the lock policy to off and encrypt the paging file (Windows: fsutil behavior set"
                        + " encryptpagingfile 1).");
    }

    /** Returns the result for pages that are asked to be hidden, and are not. */
    Item refused(String reason) {
        return notInForce(danger, reason, GET_SECRET_MEMORY);
    }
}
