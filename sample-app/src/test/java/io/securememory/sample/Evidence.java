package io.securememory.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Files that were searched, which are kept when a search has not the result that it should have. */
final class Evidence {

    private Evidence() {}

    /** Runs assertions about files, which are copied to the folder of the build if one of them fails. */
    static void keptUnless(List<Path> files, Runnable assertions) {
        try {
            assertions.run();
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "\nKept: "
                            + files.stream().map(Evidence::copy).toList(),
                    e);
        }
    }

    private static Path copy(Path file) {
        try {
            Path target = Files.createDirectories(Path.of("target", "evidence"));
            return Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
