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

/** Makes secrets of {@link Storage#PROTECTED}, or sealed ones when the lock limit is reached. */
final class ProtectedSecretFactory extends AbstractSecretFactory {

    private final MemGuard guard;

    /** Null if a reached limit is a failure. */
    private final @Nullable SealedSecretFactory sealed;

    /** Called when a secret was sealed instead. */
    private final Consumer<MemoryLimitException> onSealed;

    /**
     * @param guard keeps its owner reachable, as do all secrets that this makes
     * @param sealed makes secrets when the lock limit is reached; null if that is a failure
     * @param onSealed is told of each of these
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
                // What has come out of a pipe is gone.
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
            throw cause; // Not even sealing has the pages that it needs.
        }
        if (secret == null) {
            throw cause;
        }
        onSealed.accept(cause);
        return secret;
    }

    /** Knows whether anything was read: a stream that has given bytes cannot be read again from its start. */
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
