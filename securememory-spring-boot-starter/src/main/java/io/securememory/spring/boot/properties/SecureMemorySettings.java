package io.securememory.spring.boot.properties;

import io.securememory.SecureMemoryOptions;
import io.securememory.jca.CryptoEngine;
import java.time.Duration;
import java.util.Map;

/**
 * The settings below {@code securememory} that the features of this starter read. The properties and their defaults are the
 * components of {@link SecureMemoryProperties}, which only Spring Boot's binding creates.
 */
public interface SecureMemorySettings {

    /** Prefix of all properties of Secure Memory. */
    String PREFIX = "securememory";

    /** Returns the options for the session. */
    SecureMemoryOptions toOptions();

    /** Returns the longest wait for threads that read a secret while it is closed or purged. */
    Duration closeTimeout();

    /** Returns the percentage of the limit of locked memory from which the health shows a warning. */
    int lockWarnThreshold();

    /** Tells whether a certain engine is expected to compute with keys, which is then looked for at the start. */
    boolean expectsEngine();

    /**
     * Chooses what computes with keys.
     *
     * @throws io.securememory.jca.CryptoEngineException if it cannot be used
     */
    CryptoEngine chooseEngine();

    /** Returns the secrets that are declared, by name. They are not checked yet. */
    Map<String, DeclaredSecret> secrets();

    /**
     * Returns the secrets to load, by name: those that are declared, and those of a directory as it is now.
     *
     * @throws io.securememory.spring.boot.DeclaredSecretException if there is no such directory
     */
    Map<String, DeclaredSecret> allSecrets();
}
