package io.securememory.libcrypto;

import io.securememory.memcall.internal.Apart;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds libcrypto for computing with keys. Once found, it stays loaded until the process ends. */
public final class KeyLibraries {

    private static final int OLDEST = 3;

    private static final String OPENSSL = "OpenSSL ";

    private KeyLibraries() {}

    /** There is no library that can be used. The message says why; it is the end of a sentence. */
    public static final class Unavailable extends Exception {

        private static final long serialVersionUID = 1L;

        Unavailable(String problem, @Nullable Throwable cause) {
            super(problem, cause);
        }
    }

    /**
     * Finds the library.
     *
     * @param access {@code ffm} or {@code jna}, as {@link io.securememory.memcall.MemCall#name()} says
     * @param file the library's absolute path; or null for the one that the system has by the name of version 3, which
     *     is looked for on Linux only
     * @return its functions
     * @throws Unavailable if there is none, or if it is older than 3.0 or is not OpenSSL's
     */
    public static KeyLibrary open(String access, @Nullable String file) throws Unavailable {
        String name = file == null ? nameHere() : existing(file);
        try {
            KeyLibrary opened = Apart.get(opener(access, name));
            requireSupported(name, opened);
            return opened;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) { // JNA also throws an Error that is no LinkageError.
            if (e.getCause() instanceof Unavailable refused) {
                throw refused;
            }
            throw new Unavailable(
                    name + " cannot be loaded, or is older than OpenSSL 3.0, or is not OpenSSL's: " + e.getMessage(),
                    e);
        }
    }

    private static String nameHere() throws Unavailable {
        if (System.getProperty("os.name", "").startsWith("Linux")) {
            return LibCryptos.NAME;
        }
        throw new Unavailable("on this system the library has no name by which it can be found safely", null);
    }

    private static String existing(String file) throws Unavailable {
        try {
            Path path = Path.of(file);
            if (!path.isAbsolute()) {
                throw new Unavailable("'" + file + "' is no absolute path", null);
            }
            if (!Files.isRegularFile(path)) {
                throw new Unavailable("there is no file " + file, null);
            }
            return file;
        } catch (InvalidPathException e) {
            throw new Unavailable("'" + file + "' is no path", e);
        }
    }

    private static Supplier<KeyLibrary> opener(String access, String name) {
        return switch (access) {
            case "ffm" -> () -> ForeignKeyLibrary.open(name);
            case "jna" -> () -> JnaKeyLibrary.open(name);
            default -> throw new UnsupportedOperationException("no native access");
        };
    }

    /** LibreSSL has functions of the same names, and BoringSSL calls itself OpenSSL 1.1.1. */
    static void requireSupported(String name, KeyLibrary library) throws Unavailable {
        String version = library.version();
        if (!version.startsWith(OPENSSL) || (int) library.call(KeyFunction.OPENSSL_version_major, 0) < OLDEST) {
            throw new Unavailable(name + " is " + version + ", and OpenSSL 3.0 or later is needed", null);
        }
    }
}
