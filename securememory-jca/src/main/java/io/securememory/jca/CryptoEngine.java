package io.securememory.jca;

import io.securememory.jca.engine.BouncyCastleKeyGenerator;
import io.securememory.jca.engine.BouncyCastlePrivateKeyEngine;
import io.securememory.jca.engine.BouncyCastleSecretKeyEngine;
import io.securememory.jca.engine.BouncyCastleVersion;
import io.securememory.jca.engine.Engines;
import io.securememory.jca.engine.LibcryptoAlgorithms;
import io.securememory.jca.engine.LibcryptoKeyGenerator;
import io.securememory.jca.engine.LibcryptoPrivateKeyEngine;
import io.securememory.jca.engine.LibcryptoSecretKeyEngine;
import io.securememory.libcrypto.KeyLibraries;
import io.securememory.libcrypto.KeyLibrary;
import io.securememory.memcall.MemCalls;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.security.ProviderException;
import org.jspecify.annotations.Nullable;

/**
 * What computes with keys.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class CryptoEngine {

    private static final String REMEDY =
            " Install OpenSSL 3 (package libssl3 or openssl-libs), or name the library's file by"
                    + " securememory.crypto.library, or use BouncyCastle by securememory.crypto.engine=bouncycastle, which has keys"
                    + " on the heap while it computes.";

    private static final String ON_HEAP =
            "BouncyCastle computes with keys: they are on the heap meanwhile, and can stay in parts of it.";

    private final Kind kind;
    private final String version;
    private final String reason;
    private final Engines engines;

    private CryptoEngine(Kind kind, String version, String reason, Engines engines) {
        this.kind = kind;
        this.version = version;
        this.reason = reason;
        this.engines = engines;
    }

    /** The libraries that can compute with keys. */
    public enum Kind {
        /** OpenSSL's libcrypto, version 3.0 or later: keys are in native memory only. */
        LIBCRYPTO,
        /** BouncyCastle: keys are on the heap while it computes. */
        BOUNCYCASTLE
    }

    /** What is asked for. */
    public enum Choice {
        /** libcrypto, or BouncyCastle where there is none. */
        AUTO,
        /** libcrypto; without it there is an exception. */
        LIBCRYPTO,
        /** BouncyCastle, also where there is libcrypto. */
        BOUNCYCASTLE
    }

    /**
     * Chooses an engine.
     *
     * @param choice what is asked for
     * @param library the absolute path of libcrypto's file; or null for the library of version 3 that the system finds
     *     by its name, on Linux
     * @return the engine
     * @throws CryptoEngineException if there is none; with {@link Choice#AUTO} also if a file is given and cannot be
     *     used
     */
    public static CryptoEngine choose(Choice choice, @Nullable Path library) {
        return switch (choice) {
            case LIBCRYPTO -> libcrypto(library);
            case BOUNCYCASTLE ->
                bouncyCastle(ON_HEAP + " securememory.crypto.engine=auto uses libcrypto where there is one.");
            case AUTO -> {
                try {
                    yield libcrypto(library);
                } catch (CryptoEngineException e) {
                    if (library != null) {
                        throw e;
                    }
                    yield bouncyCastle(ON_HEAP + " " + e.getMessage());
                }
            }
        };
    }

    /**
     * Returns the engine that {@link Choice#AUTO} chooses. It is not kept here, so that an application can be unloaded: when
     * nobody has it any more, it is looked for again, which takes about a millisecond.
     *
     * @return the same engine for as long as somebody has it
     * @throws CryptoEngineException if there is none
     */
    public static CryptoEngine auto() {
        return Auto.ENGINE.get();
    }

    /** Refers weakly to the engine: JNA keeps the class loader of a library that is in use. */
    private static final class Auto {

        static final Auto ENGINE = new Auto();

        private WeakReference<CryptoEngine> chosen = new WeakReference<>(null);

        synchronized CryptoEngine get() {
            CryptoEngine present = chosen.get();
            if (present == null) {
                present = choose(Choice.AUTO, null);
                chosen = new WeakReference<>(present);
            }
            return present;
        }
    }

    /** @param reason why keys are on the heap, as sentences */
    private static CryptoEngine bouncyCastle(String reason) {
        try {
            Engines engines = new Engines(
                    new BouncyCastlePrivateKeyEngine(),
                    new BouncyCastleKeyGenerator(),
                    new BouncyCastleSecretKeyEngine());
            return new CryptoEngine(Kind.BOUNCYCASTLE, BouncyCastleVersion.get(), reason, engines);
        } catch (NoClassDefFoundError e) {
            throw new CryptoEngineException(
                    "BouncyCastle is missing. Add org.bouncycastle:bcprov-jdk18on, or use libcrypto. " + reason, e);
        }
    }

    /**
     * Finds OpenSSL's libcrypto. Once found, it stays loaded until the process ends.
     *
     * @param library the absolute path of its file; or null for the library of version 3 that the system finds by its
     *     name, on Linux
     * @return the engine
     * @throws CryptoEngineException if there is none, or if it is older than OpenSSL 3.0, or is LibreSSL or BoringSSL, or
     *     if its configuration leaves out what computes
     */
    private static CryptoEngine libcrypto(@Nullable Path library) {
        try {
            KeyLibrary found = KeyLibraries.open(MemCalls.system().name(), library == null ? null : library.toString());
            LibcryptoAlgorithms.require(found);
            Engines engines = new Engines(
                    new LibcryptoPrivateKeyEngine(found),
                    new LibcryptoKeyGenerator(found),
                    new LibcryptoSecretKeyEngine(found));
            return new CryptoEngine(Kind.LIBCRYPTO, found.version(), "", engines);
        } catch (KeyLibraries.Unavailable e) {
            throw new CryptoEngineException(
                    "There is no libcrypto to compute with keys: " + e.getMessage() + "." + REMEDY, e);
        } catch (ProviderException e) {
            throw new CryptoEngineException(
                    "libcrypto cannot compute with keys: " + e.getMessage() + " Activate its default provider there,"
                            + " or one with these algorithms, or use BouncyCastle by"
                            + " securememory.crypto.engine=bouncycastle, which has keys on the heap while it computes.",
                    e);
        }
    }

    /**
     * Returns which library this is.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns the library's version.
     *
     * @return for example {@code OpenSSL 3.0.19 27 Jan 2026}
     */
    public String version() {
        return version;
    }

    /**
     * Returns why keys are on the heap while this computes, and what to do about it.
     *
     * @return sentences; empty if keys are in native memory only
     */
    public String consequence() {
        return reason;
    }

    Engines engines() {
        return engines;
    }

    @Override
    public String toString() {
        return "CryptoEngine[" + kind + ", " + version + "]";
    }
}
