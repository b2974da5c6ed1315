package io.securememory;

import io.securememory.crypto.StackProbe;
import io.securememory.memguard.LockedBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A secret that has a frozen buffer to itself. */
final class ProtectedSecret extends AbstractSecret {

    private final LockedBuffer buffer;

    ProtectedSecret(AbstractSecretFactory factory, LockedBuffer buffer) {
        super(factory);
        this.buffer = buffer;
    }

    @Override
    public int length() {
        return buffer.size();
    }

    @Override
    public boolean isClosed() {
        return !buffer.isAlive();
    }

    @Override
    public Storage storage() {
        return Storage.PROTECTED;
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withBytes(SecretFunction<? extends T, E> action)
            throws E {
        return buffer.withBytes(Objects.requireNonNull(action, "action"));
    }

    @Override
    public Secret copy() {
        StackProbe.touchForSeveral();
        return factory().copyOf(buffer::<Secret, RuntimeException>withBytes);
    }

    @Override
    void closeItself() {
        buffer.close();
    }
}
