package io.securememory.spring.boot;

import io.securememory.Secret;

/**
 * Checks something with one version of a secret, such as a signature. See {@link SecretStore#verify}.
 *
 * @param <E> what it throws if it can neither accept nor refuse
 */
@FunctionalInterface
public interface SecretCheck<E extends Exception> {

    /**
     * Checks with this version.
     *
     * @param version valid only until this method returns; must not be closed
     * @return whether it fits
     * @throws E if that cannot be told
     */
    boolean fits(Secret version) throws E;
}
