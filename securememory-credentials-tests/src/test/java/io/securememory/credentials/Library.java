package io.securememory.credentials;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The file that a class comes from. */
final class Library {

    private Library() {}

    /** Returns names and versions. */
    static String namesOf(Class<?>... types) {
        return Arrays.stream(types).map(Library::nameOf).collect(Collectors.joining(", "));
    }

    private static String nameOf(Class<?> type) {
        try {
            Path file = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            return file.getFileName()
                    .toString()
                    .replaceFirst("(\\.RELEASE)?\\.jar$", "")
                    .replaceFirst("-(?=\\d)", " ");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
