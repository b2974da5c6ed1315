package io.securememory.spring.boot.secrets;

import io.securememory.Storage;
import io.securememory.spring.boot.properties.DeclaredSecret;
import io.securememory.spring.boot.properties.SecretEncoding;
import io.securememory.spring.boot.properties.SecretNames;
import io.securememory.spring.boot.secrets.SecretLocation.Generated;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.StringUtils;

/**
 * A declared secret whose properties were checked.
 *
 * @param name the secret's name; empty for a secret that is the value of one of the application's own properties
 * @param property the property that sets the location, as a user writes it
 * @param reloadInterval time between two checks of the file, or null if it is never checked
 * @param gracePeriod time for which a replaced version is accepted, zero or more
 * @param storage how the secret is stored, or null for the storage of its session
 * @param allowWorldReadable whether to log no warning about a file that every user may read
 */
record SecretDeclaration(
        String name,
        String property,
        SecretLocation location,
        boolean trim,
        SecretEncoding encoding,
        boolean required,
        @Nullable Duration reloadInterval,
        Duration gracePeriod,
        @Nullable Storage storage,
        boolean allowWorldReadable) {

    /** Maximum length of one secret in bytes: far more than any key needs, far less than a wrong file may have. */
    static final int MAX_LENGTH = 1024 * 1024;

    static final Duration MIN_RELOAD_INTERVAL = Duration.ofMillis(100);
    static final Duration MAX_RELOAD_INTERVAL = Duration.ofDays(365);

    /** Checks the properties of all secrets, in alphabetical order, so that the first failure is always the same. */
    static List<SecretDeclaration> all(Map<String, DeclaredSecret> secrets, ResourceLoader resources) {
        return secrets.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> of(entry.getKey(), entry.getValue(), resources))
                .toList();
    }

    /**
     * Makes a declaration from a location in one of the application's own properties. The name of the property is not
     * known when it is bound.
     *
     * @throws io.securememory.spring.boot.DeclaredSecretException if the value is not a location; the message does not
     *     show the value
     */
    static SecretDeclaration ofProperty(String value, ResourceLoader resources) {
        try {
            SecretLocation location = SecretLocation.of(value, resources);
            return new SecretDeclaration(
                    "", "the property", location, true, SecretEncoding.RAW, true, null, Duration.ZERO, null, false);
        } catch (IllegalArgumentException e) {
            throw SecretFailures.badPropertyLocation(String.valueOf(e.getMessage()));
        }
    }

    /** Returns the name of the secret for messages, with the property that an operator can set. */
    String title() {
        return isNamed() ? "The secret '" + name + "' (" + property + ")" : "The secret of a property of type Secret";
    }

    /** Tells whether the secret has a name, and so further properties besides its location. */
    boolean isNamed() {
        return !name.isEmpty();
    }

    private static SecretDeclaration of(String name, DeclaredSecret secret, ResourceLoader resources) {
        Integer length = secret.generate();
        boolean hasLocation = StringUtils.hasText(secret.location());
        SourceProperties sources = new SourceProperties(name, secret);
        if (length != null && hasLocation) {
            throw SecretFailures.locationAndGenerate(name);
        }
        if (sources.areSet()) {
            return sources.declaration();
        }
        return length == null ? located(name, secret, resources) : generated(name, secret, length);
    }

    private static SecretDeclaration located(String name, DeclaredSecret secret, ResourceLoader resources) {
        SecretLocation location;
        try {
            location = SecretLocation.of(secret.location(), resources);
        } catch (IllegalArgumentException e) {
            throw SecretFailures.badLocation(name, String.valueOf(e.getMessage()));
        }
        if (secret.allowWorldReadable() && location.file() == null) {
            throw SecretFailures.meaningless(
                    name, "allow-world-readable", "location", "what is on the class path has no permissions");
        }
        if (secret.timeout() != null) {
            throw SecretFailures.meaningless(name, "timeout", "location", SourceProperties.NO_WAIT);
        }
        Duration interval = secret.reloadInterval();
        if (interval != null && location.file() == null) {
            throw SecretFailures.meaningless(
                    name, "reload-interval", "location", "what is on the class path does not change");
        }
        checkInterval(name, interval);
        if (!secret.gracePeriod().isZero() && location.file() == null) {
            throw SecretFailures.meaningless(
                    name, "grace-period", "location", "what is on the class path does not change");
        }
        checkGracePeriod(name, secret.gracePeriod());
        return new SecretDeclaration(
                name,
                SecretNames.property(name, "location"),
                location,
                secret.trim(),
                secret.encoding(),
                secret.required(),
                interval,
                secret.gracePeriod(),
                secret.storage(),
                secret.allowWorldReadable());
    }

    static void checkInterval(String name, @Nullable Duration interval) {
        if (interval != null
                && (interval.compareTo(MIN_RELOAD_INTERVAL) < 0 || interval.compareTo(MAX_RELOAD_INTERVAL) > 0)) {
            throw SecretFailures.badInterval(name, interval);
        }
    }

    /** A very short one could end before the next version is in its place. */
    static void checkGracePeriod(String name, Duration grace) {
        if (!grace.isZero() && (grace.compareTo(MIN_RELOAD_INTERVAL) < 0 || grace.compareTo(MAX_RELOAD_INTERVAL) > 0)) {
            throw SecretFailures.badGracePeriod(name, grace);
        }
    }

    /**
     * Refuses properties that have no meaning for random bytes: who sets them expects something that does not happen.
     */
    private static SecretDeclaration generated(String name, DeclaredSecret secret, int length) {
        if (length < 1 || length > MAX_LENGTH) {
            throw SecretFailures.badLength(name, length);
        }
        if (secret.location() == null) { // An empty location cancels the properties of another profile.
            refuse(!secret.trim(), name, "trim", "random bytes are never trimmed");
            refuse(secret.encoding() != SecretEncoding.RAW, name, "encoding", "random bytes are in no encoding");
            refuse(!secret.required(), name, "required", "random bytes are never missing");
            refuse(secret.reloadInterval() != null, name, "reload-interval", "random bytes are in no file");
            refuse(!secret.gracePeriod().isZero(), name, "grace-period", "random bytes are never replaced");
            refuse(secret.timeout() != null, name, "timeout", SourceProperties.NO_WAIT);
            refuse(secret.allowWorldReadable(), name, "allow-world-readable", "random bytes are in no file");
        }
        return new SecretDeclaration(
                name,
                SecretNames.property(name, "generate"),
                new Generated(length),
                false,
                SecretEncoding.RAW,
                true,
                null,
                Duration.ZERO,
                secret.storage(),
                false);
    }

    private static void refuse(boolean isSet, String name, String property, String reason) {
        if (isSet) {
            throw SecretFailures.meaningless(name, property, "generate", reason);
        }
    }

    /** Tells whether the secret is optional and absent, so that the application starts without it. */
    boolean isLeftOut() {
        return !required && location.isAbsent();
    }
}
