package io.securememory.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Finds files that more users may read than the one who needs it. */
final class FileExposure {

    /** For the secret's title, and twice the file. */
    static final String WARNING = "{} was read from file {}, which every user of this machine may read."
            + " Run: chmod o-r {} . In Kubernetes, where files of a Secret are readable by everyone in the container unless"
            + " the volume says otherwise, set defaultMode: 0400 of the volume, or 0440 with an fsGroup.";

    private FileExposure() {}

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
