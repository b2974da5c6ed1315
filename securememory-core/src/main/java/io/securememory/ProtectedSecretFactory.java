package io.securememory;

import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** Makes secrets of {@link Storage#PROTECTED}. */
final class ProtectedSecretFactory implements SecretFactory {

    private static final int MAX_LENGTH = 1 << 29;

    @SuppressWarnings("unused") // Being referred to is what it is for.
    private final SecureMemory session;

    private final MemGuard guard;

    /**
     * @param session kept reachable by this factory and its secrets, so that a purge of all sessions finds it
     */
    ProtectedSecretFactory(SecureMemory session, MemGuard guard) {
        this.session = session;
        this.guard = guard;
    }

    @Override
    public Secret create(byte[] source) {
        return secret(guard.moveFrom(source));
    }

    @Override
    public Secret create(char[] source) {
        Objects.requireNonNull(source, "source");
        try {
            int length = Utf8.length(source);
            return filled(length, buffer -> buffer.mutate(view -> Utf8.encode(source, view)));
        } finally {
            Arrays.fill(source, '\0');
        }
    }

    @Override
    public Secret create(ByteBuffer source) {
        Objects.requireNonNull(source, "source");
        ByteBuffer bytes = source.slice();
        try {
            return filled(
                    bytes.remaining(),
                    buffer -> buffer.mutate(view -> {
                        for (int i = 0; i < view.length(); i++) {
                            view.put(i, bytes.get(i));
                        }
                    }));
        } finally {
            source.position(source.limit());
            if (!bytes.isReadOnly()) {
                for (int i = 0; i < bytes.limit(); i++) {
                    bytes.put(i, (byte) 0);
                }
            }
        }
    }

    @Override
    public Secret create(LockedBuffer source) {
        Objects.requireNonNull(source, "source");
        Secret copy;
        try {
            copy = copyOf(source);
        } catch (Throwable e) {
            closeAfter(e, source);
            throw e;
        }
        try {
            source.close();
            return copy;
        } catch (Throwable e) {
            closeAfter(e, copy);
            throw e;
        }
    }

    @Override
    public Secret createRandom(int length) {
        return secret(guard.random(length));
    }

    @Override
    public Secret read(Path file) {
        return secret(guard.readFully(file, MAX_LENGTH));
    }

    @Override
    public Secret read(InputStream in, int maxLength) {
        return secret(guard.readFully(in, maxLength));
    }

    Secret copyOf(LockedBuffer source) {
        return filled(
                source.size(),
                buffer -> source.withBytes(from -> {
                    buffer.mutate(to -> to.copyFrom(0, from, 0, from.length()));
                    return true;
                }));
    }

    /** Allocates, fills and freezes; a failure on the way closes the buffer. */
    private Secret filled(int length, java.util.function.Consumer<LockedBuffer> filler) {
        LockedBuffer buffer = guard.allocate(length);
        try {
            filler.accept(buffer);
            buffer.freeze();
            return secret(buffer);
        } catch (Throwable e) {
            closeAfter(e, buffer);
            throw e;
        }
    }

    private static void closeAfter(Throwable failure, AutoCloseable halfMade) {
        try {
            halfMade.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }

    private Secret secret(LockedBuffer buffer) {
        return new ProtectedSecret(this, buffer);
    }
}
