package io.securememory;

import io.securememory.crypto.StackProbe;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.MutableViewConsumer;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The methods of a factory that are the same for every storage. */
abstract class AbstractSecretFactory implements SecretFactory {

    /** Most bytes of a secret. */
    static final int MAX_LENGTH = 1 << 29;

    /** Makes a secret of the bytes that an action writes. */
    abstract Secret filled(int length, MutableViewConsumer<RuntimeException> filler);

    @Override
    public final Secret create(byte[] source) {
        Objects.requireNonNull(source, "source");
        try {
            StackProbe.touch();
            return filled(source.length, target -> target.copyFrom(0, source, 0, source.length));
        } finally {
            Arrays.fill(source, (byte) 0);
        }
    }

    @Override
    public final Secret create(char[] source) {
        Objects.requireNonNull(source, "source");
        try {
            StackProbe.touch();
            return filled(Utf8.length(source), target -> Utf8.encode(source, target));
        } finally {
            Arrays.fill(source, '\0');
        }
    }

    @Override
    public final Secret create(ByteBuffer source) {
        Objects.requireNonNull(source, "source");
        ByteBuffer bytes = source.slice();
        try {
            StackProbe.touch();
            return filled(bytes.remaining(), target -> target.copyFrom(0, bytes.duplicate()));
        } finally {
            source.position(source.limit());
            MemGuard.wipe(bytes);
        }
    }

    @Override
    public final Secret create(LockedBuffer source) {
        Objects.requireNonNull(source, "source");
        Secret copy;
        try {
            StackProbe.touchForSeveral();
            copy = copyOf(source::<Secret, RuntimeException>withBytes);
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
    public final Secret read(Path file) {
        return read(file, Format.RAW);
    }

    @Override
    public final Secret read(InputStream in, int maxLength) {
        return read(in, maxLength, Format.RAW);
    }

    /**
     * Makes a secret of the bytes that an access shows. If the access fails at its end, for example because of a purge,
     * the new secret is closed and nobody gets it.
     *
     * @param access runs an action over the bytes
     */
    final Secret copyOf(Function<SecretFunction<Secret, RuntimeException>, Secret> access) {
        @Nullable Secret[] made = new @Nullable Secret[1];
        try {
            return access.apply(source -> {
                Secret copy = filled(source.length(), target -> target.copyFrom(0, source, 0, source.length()));
                made[0] = copy;
                return copy;
            });
        } catch (Throwable e) {
            Secret unheld = made[0];
            if (unheld != null) {
                closeAfter(e, unheld);
            }
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
}
