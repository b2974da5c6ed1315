package io.securememory.spring.boot;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * The secrets that are declared under {@code securememory.secrets}, by name.
 *
 * <p><b>Guarantees.</b> The secrets are the same objects as the beans of these names. Messages contain names of
 * secrets, never their content.
 *
 * <p><b>Rotation.</b> A secret that comes from a file, or from another source that can be read again, stays the same
 * object when its content changes. The new content is read by {@link #reload}, or automatically at every
 * {@code securememory.secrets.<name>.reload-interval}. Each access uses one content from beginning to end. The old
 * content is wiped when its last reader has finished, or, with {@code securememory.secrets.<name>.grace-period}, when that
 * time is over: {@link #verify} accepts both until then. So {@link Secret#length()} may change, and two accesses may read
 * different content.
 *
 * <p><b>Optional secrets</b> ({@code required: false}) that are absent when the application starts have no bean. This
 * store returns them once their files exist and were read: automatically with a {@code reload-interval}, otherwise by
 * {@link #reload}. Listeners are called for that as for new content. A secret whose file disappears keeps its content.
 *
 * <p><b>Ownership.</b> The application context's {@link io.securememory.SecureMemory} session wipes the secrets when
 * it closes; the application need not close them. A secret that the application closes anyway stays in the store, and
 * reading it throws an exception.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public interface SecretStore {

    /**
     * Returns a secret.
     *
     * @param name its name below {@code securememory.secrets}
     * @return the secret
     * @throws NoSuchElementException if no secret with this name is loaded; the message lists the names of those that
     *     are
     */
    Secret get(String name);

    /**
     * Returns a secret if it is loaded.
     *
     * @param name its name below {@code securememory.secrets}
     * @return the secret; empty if the name is not declared, or if the secret is optional ({@code required: false}) and its
     *     location has held nothing so far
     */
    Optional<Secret> find(String name);

    /**
     * Returns the names of all secrets that are loaded.
     *
     * @return an immutable snapshot, in alphabetical order
     */
    Set<String> names();

    /**
     * Reads a secret now from its file, or from what else it comes from, whether or not it is watched. If the content has
     * changed, the {@link Secret} with this name has the new content from then on, and all listeners are called before
     * this method returns, unless the thread that watches the files is already calling them. SSL bundles that use this
     * secret as their key also check their certificates, even if the key has not changed.
     *
     * <p>May be called by an interrupted thread, whose interrupt status is kept.
     *
     * <p>Also loads a secret again after its session was purged. A secret that was closed stays closed.
     *
     * @param name its name below {@code securememory.secrets}
     * @return whether the content has changed; also false if the secret is optional and its file does not exist yet
     * @throws NoSuchElementException if there is no secret with this name
     * @throws IllegalStateException if the secret cannot be read again: it was generated, is on the class path, or is a
     *     bean of the application
     * @throws DeclaredSecretException if it cannot be read or its content is not valid; the old content stays in use,
     *     unless a purge has wiped it
     */
    boolean reload(String name);

    /**
     * Tells the age and the state of each version of a secret that exists: the current one, and those before it whose
     * {@code securememory.secrets.<name>.grace-period} is not over.
     *
     * @param name its name below {@code securememory.secrets}
     * @return an immutable snapshot, the newest one first, without content
     * @throws NoSuchElementException if no secret with this name is loaded
     */
    List<SecretVersion> versions(String name);

    /**
     * Returns the versions of a secret that whoever verifies accepts: the current one, and those before it whose grace
     * period is not over. {@link #verify} is simpler, and reads no version that was wiped meanwhile.
     *
     * <p>Each of them stays the same. It is wiped when its grace ends, or after the next rotation if there is no grace;
     * reading it then throws {@link SecretClosedException}. The application must not close them.
     *
     * @param name its name below {@code securememory.secrets}
     * @return an immutable snapshot, the newest one first
     * @throws NoSuchElementException if no secret with this name is loaded
     */
    List<Secret> accepted(String name);

    /**
     * Checks something, such as a signature, with each accepted version of a secret, the newest one first, until one of
     * them fits. A version that is wiped while this runs is left out.
     *
     * @param <E> what the check throws
     * @param name its name below {@code securememory.secrets}
     * @param check called for one version after the other, by this thread; it may run again for a version if the secret is
     *     replaced meanwhile
     * @return whether one of the versions fits
     * @throws E what the check throws
     * @throws NoSuchElementException if no secret with this name is loaded
     * @throws SecretClosedException if the secret was closed or purged
     */
    default <E extends Exception> boolean verify(String name, SecretCheck<E> check) throws E {
        while (true) {
            List<Secret> versions = accepted(name);
            SecretClosedException closed = null;
            for (Secret version : versions) {
                try {
                    if (check.fits(version)) {
                        return true;
                    }
                } catch (SecretClosedException e) {
                    if (!version.isClosed()) {
                        throw e; // That of another secret.
                    }
                    closed = e;
                }
            }
            if (closed == null) {
                return false;
            }
            if (accepted(name).equals(versions)) {
                throw closed;
            }
        }
    }

    /**
     * Adds a listener that is called whenever the content of a secret was replaced. Beans can listen to
     * {@link SecretRotatedEvent} instead.
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
