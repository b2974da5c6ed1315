package io.securememory;

import io.securememory.crypto.StackProbe;
import io.securememory.memguard.Enclave;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A secret in an enclave. */
final class SealedSecret extends AbstractSecret {

    private final Enclave enclave;

    SealedSecret(AbstractSecretFactory factory, Enclave enclave) {
        super(factory);
        this.enclave = enclave;
    }

    @Override
    public int length() {
        return enclave.size();
    }

    @Override
    public boolean isClosed() {
        return !enclave.isAlive();
    }

    @Override
    public Storage storage() {
        return Storage.SEALED;
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withBytes(SecretFunction<? extends T, E> action)
            throws E {
        Objects.requireNonNull(action, "action");
        requireOpen();
        return enclave.withBytes(action);
    }

    private void requireOpen() {
        if (isClosed()) {
            throw new SecretClosedException("The secret is closed.");
        }
    }

    @Override
    public Secret copy() {
        StackProbe.touchForSeveral();
        return factory().copyOf(this::<Secret, RuntimeException>withBytes);
    }

    @Override
    void closeItself() {
        enclave.close();
    }
}
