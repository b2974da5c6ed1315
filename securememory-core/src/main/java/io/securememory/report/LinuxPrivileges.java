package io.securememory.report;

import io.securememory.ProtectionReport.Item;
import java.util.Optional;

/**
 * The rights of this process beyond those of every user. Source: proc_pid_status(5), capabilities(7),
 * user_namespaces(7).
 *
 * @param user number of the user as whom it acts
 * @param capabilities its effective capabilities, one bit for each
 * @param everywhere whether they are those of the machine, and not only of a user namespace
 */
record LinuxPrivileges(int user, long capabilities, boolean everywhere) {

    private static final String NAME = "capabilities";
    private static final String ALL_USERS = "0 0 4294967295";
    private static final int CAP_IPC_LOCK = 14;
    private static final int CAP_SYS_PTRACE = 19;

    private static final String OWN_USER =
            "Run it as a user of its own without them (Docker: --user and --cap-drop=ALL;"
                    + " Kubernetes: runAsNonRoot, runAsUser and capabilities.drop; systemd: User=). To lock memory, raise the limit"
                    + " of locked memory instead.";

    /** Reads the rights; empty if the texts do not have them. */
    static Optional<LinuxPrivileges> of(String status, Optional<String> userMap) {
        try {
            boolean everywhere = userMap.map(text -> text.strip().replaceAll("\\s+", " "))
                    .map(ALL_USERS::equals)
                    .orElse(true);
            Optional<Integer> user =
                    value(status, "Uid").map(text -> Integer.parseUnsignedInt(text.split("\\s+", 3)[1]));
            Optional<Long> mask = value(status, "CapEff").map(text -> Long.parseUnsignedLong(text, 16));
            return user.flatMap(id -> mask.map(bits -> new LinuxPrivileges(id, bits, everywhere)));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> value(String status, String key) {
        return status.lines()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst();
    }

    private boolean has(int capability) {
        return (capabilities >>> capability & 1) == 1;
    }

    Item item() {
        if (user == 0) {
            return Items.risk(
                    NAME,
                    "This process runs as root" + (everywhere ? "" : " of a user namespace, as in a rootless container")
                            + ". Every other process of this user may read its memory, and whoever takes it over has all"
                            + " rights of this user. " + limit(),
                    OWN_USER);
        }
        if (has(CAP_SYS_PTRACE)) {
            return Items.risk(
                    NAME,
                    "This process may read the memory of other processes (CAP_SYS_PTRACE). Whoever takes it over may read"
                            + " their secrets. " + limit(),
                    OWN_USER);
        }
        return Items.off(
                NAME, "This process is not root and may not read the memory of other users' processes. " + limit());
    }

    private boolean exempt() {
        return has(CAP_IPC_LOCK) && everywhere;
    }

    private String limit() {
        if (exempt()) {
            return "It may lock memory without limit (CAP_IPC_LOCK).";
        }
        return has(CAP_IPC_LOCK)
                ? "The limit of locked memory applies: CAP_IPC_LOCK does not count in a user namespace."
                : "The limit of locked memory applies (no CAP_IPC_LOCK).";
    }
}
