package io.securememory.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** Made-up passwords, and their files. */
final class SecretText {

    private static final int BYTES = 24;

    private SecretText() {}

    /** Letters and digits, so that every protocol takes it as it is. */
    static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Writes a file, or replaces it at once, as one that others read. */
    static Path write(Path file, String text) throws IOException {
        Path next = Files.createTempFile(file.getParent(), "next", "");
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(next, text);
        return Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
