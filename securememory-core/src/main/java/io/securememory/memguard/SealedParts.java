package io.securememory.memguard;

import io.securememory.crypto.SealingEngine;
import io.securememory.memguard.internal.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What was read so far of a source that has not ended yet. It is sealed in parts, so that no window and no plaintext is
 * held while this waits for the source. Does not synchronize: callers do.
 *
 * <p>A purge or a close destroys the key: from then on, every method fails with {@link
 * io.securememory.SecretClosedException}.
 */
final class SealedParts implements AutoCloseable {

    private final Vault vault;
    private final OpenVault opened;

    private final KeyEra era;

    private final List<byte[]> parts = new ArrayList<>();
    private int size;

    SealedParts(Vault vault, OpenVault opened) {
        this.vault = vault;
        this.opened = opened;
        this.era = KeyEra.present(opened.coffer());
    }

    /** The number of bytes of all parts together. */
    int size() {
        return size;
    }

    /** Checks after a wait for the source that the key still exists. */
    void requireCurrent() {
        era.requirePresent();
    }

    /** Appends bytes of an array, which is not changed. */
    void append(byte[] source, int length) {
        append(ByteBuffer.wrap(source), 0, length);
    }

    /** Appends bytes of a buffer, which must be little-endian if it is direct. */
    void append(ByteBuffer source, int from, int length) {
        append(() -> opened.seal(vault, source, from, length));
    }

    private void append(Supplier<byte[]> sealing) {
        byte[] part = era.run(sealing);
        parts.add(part);
        size += SealingEngine.plainLength(part);
    }

    /** Makes one enclave of all parts. */
    Enclave join() {
        return parts.size() == 1 ? vault.counted(opened, parts.remove(0)) : join(Lease::length);
    }

    /**
     * Makes one enclave of what an action makes of all parts.
     *
     * @param last gets the whole plaintext, and returns how many bytes are to be sealed
     */
    Enclave join(Vault.Filler<RuntimeException> last) {
        return vault.counted(opened, era.run(() -> joined(last)));
    }

    private byte[] joined(Vault.Filler<RuntimeException> last) {
        return opened.inWindow(size, vault, true, (window, lease) -> {
            int to = window.indexOf(size);
            for (byte[] part : parts) {
                OpenVault.decrypt(window, part, window.bytes(), to);
                to += SealingEngine.plainLength(part);
            }
            window.requireNotPurged(size);
            int length = last.fill(lease);
            return opened.encrypt(window, window.indexOf(size), length);
        });
    }

    /** Wipes the parts. */
    @Override
    public void close() {
        parts.forEach(Bytes::wipe);
        parts.clear();
    }
}
