package io.securememory;

import io.securememory.crypto.StackProbe;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.MutableViewConsumer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes secrets of {@link Storage#PROTECTED}. When a limit is reached it makes sealed ones, if the options say so. */
final class ProtectedSecretFactory extends AbstractSecretFactory {

    private final MemGuard guard;

    /** Null if the options say to fail when a limit is reached. */
    private final @Nullable SealedSecretFactory sealed;

    /** Called when a secret was sealed instead. */
    private final Consumer<MemoryLimitException> onSealed;

    /**
     * @param guard makes the buffers. It keeps the session reachable, as all secrets of this factory do
     * @param sealed makes secrets when a limit is reached; null to fail then
     * @param onSealed is called for each secret that was sealed instead
     */
    ProtectedSecretFactory(
            MemGuard guard, @Nullable SealedSecretFactory sealed, Consumer<MemoryLimitException> onSealed) {
        this.guard = guard;
        this.onSealed = onSealed;
        this.sealed = sealed;
    }

    @Override
    Secret filled(int length, MutableViewConsumer<RuntimeException> filler) {
        return orSealed(() -> guard.allocate(length, filler), factory -> factory.filled(length, filler));
    }

    @Override
    public Secret createRandom(int length) {
        StackProbe.touch();
        return orSealed(() -> guard.random(length), factory -> factory.createRandom(length));
    }

    @Override
    public Secret read(Path file, Format format) {
        StackProbe.touch();
        return orSealed(
                () -> guard.readFully(file, MAX_LENGTH, format),
                // A pipe cannot be read a second time.
                factory -> Files.isRegularFile(file) ? factory.read(file, format) : null);
    }

    @Override
    public Secret read(InputStream in, int maxLength, Format format) {
        StackProbe.touch();
        WatchedInputStream watched = new WatchedInputStream(in);
        return orSealed(() -> guard.readFully(watched, maxLength, format), factory -> {
            return watched.touched ? null : factory.read(in, maxLength, format);
        });
    }

    private Secret orSealed(Supplier<LockedBuffer> maker, Function<SealedSecretFactory, @Nullable Secret> instead) {
        try {
            return new ProtectedSecret(this, maker.get());
        } catch (MemoryLimitException e) {
            if (sealed == null) {
                throw e;
            }
            return sealed(sealed, instead, e);
        }
    }

    private Secret sealed(
            SealedSecretFactory factory,
            Function<SealedSecretFactory, @Nullable Secret> instead,
            MemoryLimitException cause) {
        Secret secret;
        try {
            secret = instead.apply(factory);
        } catch (MemoryLimitException e) {
            throw cause; // Sealing needs pages, too, and there are none.
        }
        if (secret == null) {
            throw cause;
        }
        onSealed.accept(cause);
        return secret;
    }

    /** Remembers whether anything was read: then the stream cannot be read again from its start. */
    private static final class WatchedInputStream extends FilterInputStream {

        private boolean touched;

        WatchedInputStream(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            touched = true;
            return super.read(target, offset, length);
        }
    }
}
