package io.securememory.testing;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** Finds the directory of a module, wherever a test is started. */
public final class ModuleDirectory {

    private ModuleDirectory() {}

    /**
     * Returns the nearest directory above a class that has a {@code pom.xml}, or the working directory if there is
     * none.
     */
    public static Path of(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source != null) {
            try {
                for (Path path = Path.of(source.getLocation().toURI()); path != null; path = path.getParent()) {
                    if (Files.exists(path.resolve("pom.xml"))) {
                        return path;
                    }
                }
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
        return Path.of("").toAbsolutePath();
    }
}
