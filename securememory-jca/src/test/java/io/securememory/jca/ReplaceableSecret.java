package io.securememory.jca;

import io.securememory.HeapBytesFunction;
import io.securememory.HeapCharsFunction;
import io.securememory.Secret;
import io.securememory.SecretFunction;
import io.securememory.SecretKeyFunction;
import io.securememory.Storage;
import io.securememory.VersionedSecret;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A secret whose content a test replaces, as a rotation does: the old version is closed afterwards. */
final class ReplaceableSecret implements VersionedSecret {

    private volatile Version current;

    ReplaceableSecret(Secret first) {
        current = new Version(1, first);
    }

    void replace(Secret next) {
        Version old = current;
        current = new Version(old.number() + 1, next);
        old.secret().close();
    }

    @Override
    public Version currentVersion() {
        return current;
    }

    private Secret now() {
        return current.secret();
    }

    @Override
    public int length() {
        return now().length();
    }

    @Override
    public boolean isClosed() {
        return now().isClosed();
    }

    @Override
    public Storage storage() {
        return now().storage();
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withBytes(SecretFunction<? extends T, E> action)
            throws E {
        return now().<T, E>withBytes(action);
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withHeapBytes(HeapBytesFunction<? extends T, E> action)
            throws E {
        return now().<T, E>withHeapBytes(action);
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withHeapChars(HeapCharsFunction<? extends T, E> action)
            throws E {
        return now().<T, E>withHeapChars(action);
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T withKey(
            String algorithm, SecretKeyFunction<? extends T, E> action) throws E {
        return now().<T, E>withKey(algorithm, action);
    }

    @Override
    public boolean contentEquals(Secret other) {
        return now().contentEquals(other);
    }

    @Override
    public boolean contentEquals(byte[] other) {
        return now().contentEquals(other);
    }

    @Override
    public Secret copy() {
        return now().copy();
    }

    @Override
    public InputStream newInputStream() {
        return now().newInputStream();
    }

    @Override
    public void close() {
        now().close();
    }
}
