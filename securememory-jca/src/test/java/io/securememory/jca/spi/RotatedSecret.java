package io.securememory.jca.spi;

import io.securememory.HeapBytesFunction;
import io.securememory.HeapCharsFunction;
import io.securememory.Secret;
import io.securememory.SecretFunction;
import io.securememory.SecretKeyFunction;
import io.securememory.Storage;
import io.securememory.VersionedSecret;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A secret that is rotated by a test. The old version is closed at once. */
public final class RotatedSecret implements VersionedSecret {

    private volatile Version current;

    /** Begins with a version. */
    public RotatedSecret(Secret first) {
        current = new Version(1, first);
    }

    /** Replaces the version, and closes the old one. */
    public void rotate(Secret next) {
        replace(next).close();
    }

    /** Replaces the version, and returns the old one. */
    public Secret replace(Secret next) {
        Version old = current;
        current = new Version(old.number() + 1, next);
        return old.secret();
    }

    @Override
    public Version currentVersion() {
        return current;
    }

    @Override
    public int length() {
        return current.secret().length();
    }

    @Override
    public boolean isClosed() {
        return current.secret().isClosed();
    }

    @Override
    public Storage storage() {
        return current.secret().storage();
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withBytes(SecretFunction<? extends T, E> action)
            throws E {
        return current.secret().withBytes(action);
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withHeapBytes(HeapBytesFunction<? extends T, E> action)
            throws E {
        return current.secret().withHeapBytes(action);
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withHeapChars(HeapCharsFunction<? extends T, E> action)
            throws E {
        return current.secret().withHeapChars(action);
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withKey(
            String algorithm, SecretKeyFunction<? extends T, E> action) throws E {
        return current.secret().withKey(algorithm, action);
    }

    @Override
    public boolean contentEquals(Secret other) {
        return current.secret().contentEquals(other);
    }

    @Override
    public boolean contentEquals(byte[] other) {
        return current.secret().contentEquals(other);
    }

    @Override
    public Secret copy() {
        return current.secret().copy();
    }

    @Override
    public InputStream newInputStream() {
        return current.secret().newInputStream();
    }

    @Override
    public void close() {
        current.secret().close();
    }
}
