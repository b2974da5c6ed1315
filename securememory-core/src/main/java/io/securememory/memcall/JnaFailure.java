package io.securememory.memcall;

import io.securememory.UnsupportedPlatformException;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/** Explains why JNA cannot be used. Refers to none of JNA's types, because JNA may be missing. */
final class JnaFailure {

    /** The oldest version that has everything that is used here. */
    private static final String OLDEST = "5.0.0";

    private JnaFailure() {}

    static UnsupportedPlatformException of(Error failure) {
        Class<?> found = find();
        if (found == null) {
            return new UnsupportedPlatformException(
                    "JNA is not there: add net.java.dev.jna:jna, " + OLDEST
                            + " or newer, to the class path. On the module"
                            + " path, also resolve it, by requires com.sun.jna in the application's module or --add-modules"
                            + " com.sun.jna; an image of jlink takes net.java.dev.jna:jna-jpms. Java 22 and later need no JNA.",
                    failure);
        }
        if (failure instanceof IncompatibleClassChangeError) {
            return new UnsupportedPlatformException(
                    "JNA " + version(found) + " is too old, " + OLDEST + " or newer is needed: it lacks "
                            + reason(failure)
                            + ". It comes from " + location(found)
                            + "; see which dependency brings it (mvn dependency:tree,"
                            + " gradle dependencies), and exclude it there or set the version of net.java.dev.jna:jna in the"
                            + " dependency management. Java 22 and later need no JNA.",
                    failure);
        }
        return new UnsupportedPlatformException(
                "JNA " + version(found) + " cannot load its native library: " + reason(failure)
                        + ". If JNA has no library for this platform,"
                        + " use Java 22 or later, which needs none. If the temporary directory cannot be"
                        + " written or is mounted noexec, set -Djna.tmpdir to another one; on Java 24 and later allow native access"
                        + " with --enable-native-access=ALL-UNNAMED (or =com.sun.jna on the module path).",
                failure);
    }

    private static @Nullable Class<?> find() {
        try {
            return Class.forName("com.sun.jna.Native", false, JnaFailure.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            return null;
        }
    }

    private static String reason(Error failure) {
        Throwable told = failure.getMessage() == null && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(told.getMessage()).strip();
    }

    /**
     * Returns the version from the manifest of JNA's jar, or from its module. JNA's own version constant cannot be
     * read if its library does not load.
     */
    private static String version(Class<?> found) {
        String implementation = found.getPackage().getImplementationVersion();
        if (implementation != null) {
            return implementation.split(" ", 2)[0];
        }
        ModuleDescriptor module = found.getModule().getDescriptor();
        return module == null ? "(of an unknown version)" : module.rawVersion().orElse("(of an unknown version)");
    }

    private static String location(Class<?> found) {
        CodeSource source = found.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return location == null ? "an unknown place" : location.toString();
    }
}
