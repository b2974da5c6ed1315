package io.securememory.spring.boot.secrets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Finds secret files that too many users may read. */
final class FileExposure {

    /** Log message. Its arguments are the secret's title, the file twice, and how to silence the warning. */
    static final String WARNING = "{} was read from file {}, which every user of this machine may read."
            + " Run: chmod o-r {} . In Kubernetes, set defaultMode: 0400 of the volume, or 0440 with an fsGroup.{}";

    /** Log message. Its arguments are the secret's title and the file. */
    static final String IN_KUBERNETES =
            "{} was read from file {} of a Kubernetes volume, which every user of this container"
                    + " may read. That is no risk while one user runs all processes in the container; otherwise set defaultMode: 0400"
                    + " of the volume, or 0440 with an fsGroup.";

    /** The link that Kubernetes replaces in one step when it updates a volume. */
    private static final String CURRENT_DATA = "..data";

    private FileExposure() {}

    /**
     * Tells whether a file belongs to a Secret that Kubernetes has mounted. Such a file is reached by the symbolic
     * links that Kubernetes uses to update a volume, and its file system is in memory. Only the pod of the Secret has
     * this file system. Nobody outside the container sees it, whatever the mode of its files, which is 0644 unless the
     * volume says otherwise.
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

    /**
     * Tells whether users other than the owner and the group may read the file. False if the file system has no
     * permissions.
     */
    static boolean isReadableByEveryone(Path file) {
        try {
            return Files.isRegularFile(file)
                    && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
