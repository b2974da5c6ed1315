package io.securememory.spring.boot.properties;

import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/** Reads which secrets are declared, before there are beans. No message shows a value, because it may be a secret. */
public final class SecretBinding {

    /** The property below which secrets are declared. */
    public static final String SECRETS = SecureMemorySettings.PREFIX + ".secrets";

    /** Advice for users who may have written a secret into a property. */
    public static final String NOT_INTO_A_PROPERTY = " Never put the secret itself into a property: properties stay on"
            + " the Java heap and show up in logs and actuator endpoints. If it was written there, replace it by a new one.";

    private SecretBinding() {}

    /**
     * Binds the declarations and no other property. The others are bound later, and binding takes long so early in a start.
     *
     * @throws DeclaredSecretException if a property has the wrong type, or is in the wrong place
     */
    public static Map<String, DeclaredSecret> declared(Environment environment) {
        try {
            Binder binder = Binder.get(environment);
            Map<String, DeclaredSecret> declared = binder.bind(
                            ConfigurationPropertyName.of(SECRETS), Bindable.mapOf(String.class, DeclaredSecret.class))
                    .map(SecretNames::withoutAliases)
                    .orElseGet(Map::of);
            return SecretsDirectory.merged(
                    declared,
                    binder.bind(SecretsDirectory.PROPERTY, String.class).orElse(null),
                    binder.bind(SecretsDirectory.INTERVAL, Duration.class).orElse(null));
        } catch (BindException e) {
            // Spring Boot's analysis prints the value that does not bind. Here it may be the text of a secret.
            throw unbound("The property " + e.getName());
        }
    }

    /** Returns the failure for a property that cannot be bound to a secret. */
    static DeclaredSecretException unbound(String title) {
        return new DeclaredSecretException(
                Reason.DECLARATION,
                title + " cannot be bound. Its value is not shown, because it may be a secret.",
                "A secret is declared by securememory.secrets.<name>.location, which begins with file: or classpath:, or by"
                        + " .generate of the same name, which is a number of bytes, or by .environment, .command, .source or"
                        + " .http.url, which say where else it comes from. Beside it there are .trim and .required,"
                        + " which are true or false, .encoding, which is raw, text, hex, base64 or pem, .reload-interval,"
                        + " which is a time, .grace-period, which is a time, .storage, which is protected or sealed, and .allow-world-readable, which is true or"
                        + " false." + NOT_INTO_A_PROPERTY,
                null);
    }
}
