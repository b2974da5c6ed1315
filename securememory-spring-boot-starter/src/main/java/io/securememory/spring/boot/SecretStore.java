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
 * <p><b>Rotation.</b> A secret that comes from a file is the same object when its file has another content: at once or by
 * {@code securememory.secrets.<name>.reload-interval}. Each access reads one content from begin to end, and the old one
 * is wiped when its last reader has left. So {@link Secret#length()} may change, and a second access may read another
 * content than the first.
 *
 * <p><b>Optional secrets</b> ({@code required: false}) that are absent when the application starts have no bean. They are found
 * here when their files are there: by themselves with a {@code reload-interval}, otherwise by {@link #reload}. Listeners are told of
 * that as of new content. One whose file disappears keeps its content.
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
     *     location has held nothing so far
     */
    Optional<Secret> find(String name);

    /**
     * Returns the names of all secrets that are loaded.
     *
     * @return an immutable set in alphabetical order, of this moment
     */
    Set<String> names();

    /**
     * Reads a secret's file now, whether it is watched or not. If it has another content, the {@link Secret} of this name has
     * it from then on, and all listeners are told before this method returns. SSL bundles whose key it is look at their certificates,
     * too, also if the key is the same.
     *
     * <p>May be called by an interrupted thread, which stays interrupted.
     *
     * <p>Also the way to have a secret again after its session was purged. A secret that was closed stays closed.
     *
     * @param name its name below {@code securememory.secrets}
     * @return whether the file had another content; false, too, if the secret is optional and there is no file yet
     * @throws NoSuchElementException if there is none of this name
     * @throws IllegalStateException if the secret does not come from a file
     * @throws DeclaredSecretException if the file cannot be had; the old content stays in use
     */
    boolean reload(String name);

    /**
     * Adds a listener that is told of each secret whose content was replaced. For listeners that are beans there is
     * {@link SecretRotatedEvent}, too.
     *
     * @param listener called until it is removed
     */
    void addListener(SecretRotationListener listener);

    /**
     * Removes a listener. Does nothing if it was not added.
     *
     * @param listener no longer called
     */
    void removeListener(SecretRotationListener listener);
}
