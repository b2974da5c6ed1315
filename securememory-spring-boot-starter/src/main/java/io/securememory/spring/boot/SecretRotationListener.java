package io.securememory.spring.boot;

/** Called when a declared secret has new content. See {@link SecretStore#addListener}. */
@FunctionalInterface
public interface SecretRotationListener {

    /**
     * Called once for each rotation, by the thread that watches the files or by the caller of
     * {@link SecretStore#reload}. An exception from a listener is logged. It does not stop the calls to other
     * listeners, nor the watching of the files. While a listener runs, all files are still checked, and rotations of
     * other secrets are still announced. Only the remaining listeners for this secret wait. Several threads may call
     * one listener at the same time: for different secrets, and for the same secret if {@link SecretStore#reload} is
     * called meanwhile.
     *
     * @param name the secret's name below {@code securememory.secrets}
     */
    void secretRotated(String name);

    /**
     * Called like the other method, and in its place, with the versions. By default, it calls the other method.
     *
     * @param rotation the name, and the numbers of the old and the new version
     */
    default void secretRotated(SecretRotatedEvent rotation) {
        secretRotated(rotation.name());
    }
}
