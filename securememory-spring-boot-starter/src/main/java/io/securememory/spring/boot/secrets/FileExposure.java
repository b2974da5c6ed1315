package io.securememory.spring.boot.secrets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Finds files that more users may read than the one who needs it. */
final class FileExposure {

    /** For the secret's title, twice the file, and a way to acknowledge it. */
    static final String WARNING = "{} was read from file {}, which every user of this machine may read."
            + " Run: chmod o-r {} . In Kubernetes, set defaultMode: 0400 of the volume, or 0440 with an fsGroup.{}";

    /** For the secret's title and the file. */
    static final String IN_KUBERNETES =
            "{} was read from file {} of a Kubernetes volume, which every user of this container"
                    + " may read. That is no risk while all processes in the container are of one user; otherwise set defaultMode: 0400"
                    + " of the volume, or 0440 with an fsGroup.";

    /** The link that Kubernetes replaces in one step when it updates a volume. */
    private static final String CURRENT_DATA = "..data";

    private FileExposure() {}

    /**
     * Tells whether a file belongs to a Secret that Kubernetes has mounted: by the links that it updates a volume with, in memory
     * and on no disk. Only the pod that the Secret is for has this file system, and whoever is outside of the container sees
     * none of it, whatever the mode of its files, which is 0644 unless the volume says otherwise.
     */
    static boolean isInKubernetesVolume(Path file) {
        try {
            boolean isLinked = Files.isSymbolicLink(file)
                    && Files.readSymbolicLink(file).startsWith(CURRENT_DATA)
                    && Files.isSymbolicLink(file.resolveSibling(CURRENT_DATA));
            return isLinked && Files.getFileStore(file).type().equals("tmpfs");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Tells whether the permissions let users read who are neither owner nor of the group. False where there are none. */
    static boolean isReadableByEveryone(Path file) {
        try {
            return Files.isRegularFile(file)
                    && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
