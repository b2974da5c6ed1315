package io.securememory.spring.boot.autoconfigure.credentials;

import io.securememory.Secret;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.SecretStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.env.Environment;

/**
 * A declared secret that is the password of a client.
 *
 * @param property the property that names the secret
 * @param name the secret's name below {@code securememory.secrets}
 * @param secret the secret, the same object after each rotation
 */
record DeclaredCredential(String property, String name, Secret secret, SecretStore store) {

    private static final Logger LOG = LoggerFactory.getLogger(DeclaredCredential.class);

    /**
     * Finds the secret that a property names.
     *
     * @param name the value of the property
     * @throws DeclaredSecretException if there is no such secret; the value is not shown, because it may be the password
     *     itself
     */
    static DeclaredCredential find(String property, @Nullable String name, SecretStore store) {
        Secret secret = name == null ? null : store.find(name).orElse(null);
        if (name == null || secret == null) {
            throw new DeclaredSecretException(
                    Reason.DECLARATION,
                    "The property " + property
                            + " does not name a secret that is loaded. Its value is not shown, because"
                            + " it may be the password itself.",
                    "Declare the password as a secret, by securememory.secrets.<name>.location, and set " + property
                            + " to its name. It must be there at the start, even if it is optional. Loaded secrets: "
                            + store.names(),
                    null);
        }
        return new DeclaredCredential(property, name, secret, store);
    }

    /** Finds the secret that a property names, for what the container makes before other beans. */
    static DeclaredCredential of(String property, Environment environment, BeanFactory beans) {
        return find(property, environment.getProperty(property), beans.getBean(SecretStore.class));
    }

    /** Returns the password as a String, for a client that takes nothing else. Nobody can wipe it. */
    String text() {
        return secret.withHeapChars(String::new);
    }

    /** Makes the failure of a client that has no name of a user, and so would not authenticate at all. */
    DeclaredSecretException noUser(String userProperty) {
        return Unasked.failure(
                "The property " + property + " is set, and " + userProperty
                        + " is not, so the secret would not be used.",
                "Set " + userProperty + ", or remove " + property + ".");
    }

    /** Calls an action after each rotation of this secret. */
    void onRotation(Runnable action) {
        store.addListener(rotated -> {
            if (rotated.equals(name)) {
                action.run();
            }
        });
    }

    /**
     * Warns if a property has a password that this secret takes the place of: it is on the heap for as long as the process
     * runs.
     *
     * @param plain the other property, such as {@code spring.datasource.password}
     */
    void warnOfPlainPassword(Environment environment, String plain) {
        if (environment.containsProperty(plain)) {
            LOG.warn(
                    "{} is set as well as {}. The secret '{}' is used, and the text in {} is for nothing but to be found in"
                            + " memory: remove it",
                    plain,
                    property,
                    name,
                    plain);
        }
    }

    @Override
    public String toString() {
        return "secret '" + name + "' (" + property + ")";
    }
}
