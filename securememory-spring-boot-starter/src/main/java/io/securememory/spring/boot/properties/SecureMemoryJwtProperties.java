package io.securememory.spring.boot.properties;

import io.securememory.spring.boot.JwtAlgorithm;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of JSON Web Tokens (JWTs) of Spring Security.
 *
 * @param secret Name of the declared secret that is the key of JWTs. With it, there are beans that sign and verify them.
 * @param algorithm Algorithm by which JWTs are signed, and the only one that is accepted.
 * @param previousKeyGrace Time for which JWTs of the previous key are accepted after a rotation, at least the time for which
 *     they are valid. 0 for none.
 * @param keyId Key id (kid) of all keys, one after the other. Unset for one that is computed from each key.
 */
@ConfigurationProperties(SecureMemoryJwtProperties.PREFIX)
public record SecureMemoryJwtProperties(
        @Nullable String secret,
        @Nullable JwtAlgorithm algorithm,
        @DefaultValue("5m") Duration previousKeyGrace,
        @Nullable String keyId) {

    /** Prefix of these properties. */
    public static final String PREFIX = "securememory.jwt";

    /** The property that names the secret. */
    public static final String SECRET = PREFIX + ".secret";

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a value is missing or out of its range; the message names the property
     */
    public SecureMemoryJwtProperties {
        if (previousKeyGrace.isNegative()) {
            throw new IllegalArgumentException(PREFIX + ".previous-key-grace is " + Durations.inWords(previousKeyGrace)
                    + ", expected zero or more");
        }
        if (keyId != null && keyId.isBlank()) {
            throw new IllegalArgumentException(PREFIX + ".key-id is blank, expected a text, or nothing at all");
        }
        if ((secret == null) != (algorithm == null)) {
            throw new IllegalArgumentException(
                    secret == null
                            ? SECRET + " is not set, expected the name of a declared secret, because " + PREFIX
                                    + ".algorithm is set"
                            : PREFIX
                                    + ".algorithm is not set, expected HS256, HS384, HS512, RS256, PS256, ES256 or EdDSA");
        }
    }

    /** Leaves out the name of the secret, because someone may have written the key itself there by mistake. */
    @Override
    public String toString() {
        return "SecureMemoryJwtProperties[algorithm=" + algorithm + ", previousKeyGrace=" + previousKeyGrace
                + ", keyId=" + keyId + "]";
    }
}
