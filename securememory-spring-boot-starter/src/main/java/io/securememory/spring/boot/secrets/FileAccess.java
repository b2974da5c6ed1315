package io.securememory.spring.boot.secrets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Messages about a file that the user of this process may not read. */
public final class FileAccess {

    private static final String REMEDY = """
            Let %1$s read the file, or set %2$s to one that it may read.
            - Docker Compose: a secret that comes from a file is that file on the host, with its owner and mode. Compose ignores \
            uid, gid and mode of such a secret. On the host: chown %3$s FILE && chmod 400 FILE. Or take the secret from a \
            variable in the environment of Compose (environment: instead of file: below secrets:); there uid, gid and mode apply.
            - Docker Swarm: uid, gid and mode of the secret.
            - Kubernetes: securityContext.fsGroup of the pod, and defaultMode: 0440 of the volume.""";

    private static final Path THIS_PROCESS = Path.of("/proc/self");

    private FileAccess() {}

    /** Owner and mode of a file. */
    private record Owner(int uid, int gid, int mode) {

        /** Returns owner and mode; empty if the system has none or they cannot be read. */
        static Optional<Owner> of(Path file) {
            try {
                return Optional.of(new Owner(
                        (int) Files.getAttribute(file, "unix:uid"),
                        (int) Files.getAttribute(file, "unix:gid"),
                        (int) Files.getAttribute(file, "unix:mode") & 07777));
            } catch (IOException | RuntimeException e) {
                return Optional.empty();
            }
        }
    }

    /**
     * Says who owns the file and which user this process has, or that a directory on the path to the file is not
     * accessible.
     */
    public static String problem(Path file) {
        Optional<Owner> owner = Owner.of(file);
        Optional<Owner> process = Owner.of(THIS_PROCESS);
        if (process.isEmpty()) {
            return "the user of this process may not read it";
        }
        String who = "this process runs as uid " + process.get().uid() + " and gid "
                + process.get().gid();
        return owner.map(one -> "it belongs to uid " + one.uid() + " and gid " + one.gid() + " with mode "
                        + String.format("%04o", one.mode()) + ", and " + who)
                .orElse(who + ", which may not enter one of the directories on the path to it");
    }

    /**
     * Says how to give access to the file.
     *
     * @param property the property that sets the location
     */
    public static String remedy(String property) {
        Optional<Owner> process = Owner.of(THIS_PROCESS);
        return REMEDY.formatted(
                process.map(one -> "uid " + one.uid()).orElse("the user of this process"),
                property,
                process.map(one -> String.valueOf(one.uid())).orElse("UID"));
    }
}
