package io.securememory.spring.boot;

/** Is told when a declared secret has new content. See {@link SecretStore#addListener}. */
@FunctionalInterface
public interface SecretRotationListener {

    /**
     * Called once for each rotation, by a thread that watches the files, or that called {@link SecretStore#reload}. What it
     * throws is logged, and neither keeps other listeners from being called nor the files from being watched. While it
     * runs, all files are looked at, and other secrets are told of; who else is to know of this secret waits. Several threads may call
     * it at once, for different secrets.
     *
     * @param name the secret's name below {@code securememory.secrets}
     */
    void secretRotated(String name);
}
