package io.securememory.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The files of the kernel on which this process runs. */
final class SystemFiles implements KernelFiles {

    @Override
    public Optional<String> text(String path) {
        try {
            return Optional.of(
                    Files.readString(Path.of(path), StandardCharsets.ISO_8859_1).strip());
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean exists(String path) {
        try {
            return Files.exists(Path.of(path));
        } catch (RuntimeException e) {
            return false;
        }
    }
}
