package io.securememory.jca.engine;

import org.bouncycastle.LICENSE;

/** Asks for the version of BouncyCastle. */
public final class BouncyCastleVersion {

    private BouncyCastleVersion() {}

    /**
     * Returns the version.
     *
     * @return for example {@code BouncyCastle 1.86}
     * @throws NoClassDefFoundError if there is no BouncyCastle
     */
    public static String get() {
        String version = LICENSE.class.getPackage().getImplementationVersion();
        return version == null ? "BouncyCastle" : "BouncyCastle " + version;
    }
}
