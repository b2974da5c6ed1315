package io.securememory;

import io.securememory.internal.SourceSecret;
import io.securememory.memguard.MutableViewConsumer;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** The methods of a secret that need {@link #withBytes} only and are therefore the same for every storage. */
abstract class AbstractSecret implements SourceSecret {

    private static final AtomicReferenceFieldUpdater<AbstractSecret, @Nullable DerivedSecrets> DERIVED =
            AtomicReferenceFieldUpdater.newUpdater(AbstractSecret.class, DerivedSecrets.class, "derived");

    private final AbstractSecretFactory factory;

    /** Null until something is made of this secret. */
    private volatile @Nullable DerivedSecrets derived;

    AbstractSecret(AbstractSecretFactory factory) {
        this.factory = factory;
    }

    final AbstractSecretFactory factory() {
        return factory;
    }

    /** Closes this secret alone. */
    abstract void closeItself();

    @Override
    public final Secret derive(int length, MutableViewConsumer<RuntimeException> filler) {
        Objects.requireNonNull(filler, "filler");
        Secret made = derived().add(() -> filled(length, filler));
        if (isClosed()) { // A close that found nothing to close, or a purge.
            made.close();
            throw new SecretClosedException("The secret is closed.");
        }
        return made;
    }

    /** Makes a secret. A closed session makes none, and that is the end of this secret, too. */
    private Secret filled(int length, MutableViewConsumer<RuntimeException> filler) {
        try {
            return factory.filled(length, filler);
        } catch (IllegalStateException e) {
            SecretClosedException closed = new SecretClosedException("The secret's session is closed.");
            closed.initCause(e);
            throw closed;
        }
    }

    private DerivedSecrets derived() {
        if (derived == null) {
            DERIVED.compareAndSet(this, null, new DerivedSecrets());
        }
        return Objects.requireNonNull(derived);
    }

    @Override
    public final void close() {
        try {
            closeItself();
        } finally {
            DerivedSecrets made = derived;
            if (made != null) {
                made.close();
            }
        }
    }

    @Override
    public final <T extends @Nullable Object, E extends Exception> T withHeapBytes(
            HeapBytesFunction<? extends T, E> action) throws E {
        Objects.requireNonNull(action, "action");
        byte[] bytes = new byte[length()];
        try {
            useBytes(view -> view.copyTo(0, bytes, 0, bytes.length));
            return action.apply(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    @Override
    public final <T extends @Nullable Object, E extends Exception> T withHeapChars(
            HeapCharsFunction<? extends T, E> action) throws E {
        Objects.requireNonNull(action, "action");
        byte[] bytes = new byte[length()];
        char[] decoded = new char[length()];
        char[] exact = new char[0];
        try {
            useBytes(view -> view.copyTo(0, bytes, 0, bytes.length));
            int length = decode(ByteBuffer.wrap(bytes), decoded);
            exact = Arrays.copyOf(decoded, length);
            Arrays.fill(decoded, '\0');
            return action.apply(exact);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            Arrays.fill(decoded, '\0');
            Arrays.fill(exact, '\0');
        }
    }

    private static int decode(ByteBuffer bytes, char[] target) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.wrap(target);
        CoderResult result = decoder.decode(bytes, chars, true);
        if (result.isError()) {
            throw new IllegalStateException("the secret is not UTF-8 text: malformed at byte " + bytes.position());
        }
        return chars.position();
    }

    @Override
    public final <T extends @Nullable Object, E extends Exception> T withKey(
            String algorithm, SecretKeyFunction<? extends T, E> action) throws E {
        Objects.requireNonNull(algorithm, "algorithm");
        Objects.requireNonNull(action, "action");
        return this.<T, E>withBytes(view -> {
            try (ScopedSecretKey key = new ScopedSecretKey(algorithm, view)) {
                return action.apply(key);
            }
        });
    }

    @Override
    public final boolean contentEquals(Secret other) {
        Objects.requireNonNull(other, "other");
        return withBytes(mine -> other.withBytes(theirs -> contentEquals(mine, theirs)));
    }

    private static boolean contentEquals(SecretView mine, SecretView theirs) {
        if (mine.length() != theirs.length()) {
            return false;
        }
        int difference = 0;
        for (int i = 0; i < mine.length(); i++) {
            difference |= mine.get(i) ^ theirs.get(i);
        }
        return difference == 0;
    }

    @Override
    public final boolean contentEquals(byte[] other) {
        Objects.requireNonNull(other, "other");
        return withBytes(view -> view.contentEquals(other));
    }

    @Override
    public final InputStream newInputStream() {
        return new SecretInputStream(this);
    }

    @Override
    public final String toString() {
        return "Secret[length=" + length() + ", " + storage() + (isClosed() ? ", closed]" : "]");
    }
}
