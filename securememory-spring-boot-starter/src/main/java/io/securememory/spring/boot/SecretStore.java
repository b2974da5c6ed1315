package io.securememory.spring.boot;

import io.securememory.Secret;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * The secrets that are declared under {@code securememory.secrets}, by name.
 *
 * <p><b>Guarantees.</b> The secrets are the same objects as the beans of these names. A message names secrets and never
 * shows what is in them.
 *
 * <p><b>Ownership.</b> The application context's {@link io.securememory.SecureMemory} session wipes the secrets when it
 * closes; nobody else needs to close them. A secret that was closed all the same stays in the store and throws when it is
 * read.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public interface SecretStore {

    /**
     * Returns a secret.
     *
     * @param name its name below {@code securememory.secrets}
     * @return the secret
     * @throws NoSuchElementException if there is none of this name; the message lists those that there are
     */
    Secret get(String name);

    /**
     * Returns a secret if there is one.
     *
     * @param name its name below {@code securememory.secrets}
     * @return the secret; empty if the name is not declared, or if the secret is optional ({@code required: false}) and its
     *     location held nothing when the application started
     */
    Optional<Secret> find(String name);

    /**
     * Returns the names of all secrets that were loaded.
     *
     * @return an immutable set in alphabetical order
     */
    Set<String> names();
}
