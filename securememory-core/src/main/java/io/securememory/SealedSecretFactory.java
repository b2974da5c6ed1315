package io.securememory;

import io.securememory.crypto.StackProbe;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.MutableViewConsumer;
import java.io.InputStream;
import java.nio.file.Path;

/** Makes secrets of {@link Storage#SEALED}. */
final class SealedSecretFactory extends AbstractSecretFactory {

    private final MemGuard guard;

    /** @param guard seals the secrets. It keeps the session reachable, as all secrets of this factory do */
    SealedSecretFactory(MemGuard guard) {
        this.guard = guard;
    }

    @Override
    Secret filled(int length, MutableViewConsumer<RuntimeException> filler) {
        return new SealedSecret(this, guard.seal(length, filler));
    }

    @Override
    public Secret createRandom(int length) {
        StackProbe.touch();
        return new SealedSecret(this, guard.sealRandom(length));
    }

    @Override
    public Secret read(Path file, Format format) {
        StackProbe.touch();
        return new SealedSecret(this, guard.sealFully(file, MAX_LENGTH, format));
    }

    @Override
    public Secret read(InputStream in, int maxLength, Format format) {
        StackProbe.touch();
        return new SealedSecret(this, guard.sealFully(in, maxLength, format));
    }
}
