package io.securememory.residue;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Libraries on the class path. */
final class Library {

    private Library() {}

    /** Returns the name and the version of the library that has a class: those of its file. */
    static String nameOf(Class<?> type) {
        try {
            Path file = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            String name = file.getFileName().toString().replaceFirst("\\.jar$", "");
            return name.replaceFirst("-(?=\\d)", " ");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
