package io.securememory.jca;

import io.securememory.DecryptionFailedException;
import io.securememory.Secret;
import io.securememory.jca.engine.AeadCipher;
import io.securememory.jca.engine.SecretKeyEngine;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import javax.crypto.AEADBadTagException;

/**
 * Encrypts and decrypts with AES-256-GCM, with a secret as the key: for columns of a database, for messages and for
 * files. The key never comes to the heap, unless the engine is BouncyCastle.
 *
 * <pre>{@code
 * AesGcm cipher = new AesGcm(key);
 * byte[] message = cipher.encrypt(plaintext, "customer 4711, column iban".getBytes(UTF_8));
 * byte[] plaintext = cipher.decrypt(message, "customer 4711, column iban".getBytes(UTF_8));
 * }</pre>
 *
 * <p><b>Guarantees.</b> Nonces cannot repeat, and nobody has to manage them: each message has 24 random bytes, from half
 * of which a key of its own is derived (XAES-256-GCM). A key may be used for 2<sup>80</sup> messages, by any number of
 * processes. A message that was changed in any way is refused, and nothing of its plaintext is released. If the key is
 * closed or purged during a call, the call gives no result.
 *
 * <p><b>Associated data.</b> It is authenticated, and neither encrypted nor in the message: what says where the message
 * belongs, such as the name of the column and the number of the row. So a message that was moved elsewhere is refused.
 *
 * <p><b>Rotation.</b> A message names its key, by four bytes that are computed from the key. A secret that is rotated
 * is followed: what is encrypted from then on has the new key, and the old versions decrypt for as long as they are
 * open. Old keys that decrypt for longer are given to the constructor. {@link #isCurrent} tells whether a message has
 * the newest key.
 *
 * <p><b>Limits.</b> The length of a plaintext shows in the message. Two messages with the same key can be seen to have
 * it. Plaintexts are on the heap, and the caller wipes them. A whole text that was replaced by an older one with the
 * same associated data is not noticed.
 *
 * <p><b>Format.</b> One byte 1, four bytes that name the key, 24 bytes of nonce, the ciphertext, 16 bytes of tag. The
 * first five bytes are authenticated in front of the associated data.
 *
 * <p><b>Threading.</b> Safe for use by several threads, which compute at the same time.
 *
 * <p>Source: C2SP, XAES-256-GCM; NIST SP 800-38D.
 */
public final class AesGcm {

    /** Bytes by which a message is longer than its plaintext. */
    public static final int OVERHEAD = MessageFormat.HEADER + AeadCipher.TAG_SIZE;

    /** Length of a key in bytes. */
    public static final int KEY_LENGTH = 32;

    private final AesGcmKeys keys;

    /**
     * Creates a cipher with one key, or with the versions of a secret that is rotated, and the engine of {@link
     * CryptoEngine#auto()}.
     *
     * @param key the key, of {@link #KEY_LENGTH} random bytes; the caller closes it
     * @throws IllegalArgumentException if the key has another length
     * @throws CryptoEngineException if nothing can compute with keys
     */
    public AesGcm(Secret key) {
        this(key, CryptoEngine.auto());
    }

    /**
     * Creates a cipher that also decrypts what earlier keys have encrypted, with the engine of {@link
     * CryptoEngine#auto()}.
     *
     * @param key the key that encrypts, of {@link #KEY_LENGTH} random bytes; the caller closes it
     * @param previous keys that decrypt only; the caller closes them
     * @throws IllegalArgumentException if a key has another length
     * @throws CryptoEngineException if nothing can compute with keys
     */
    public AesGcm(Secret key, List<Secret> previous) {
        this(key, previous, CryptoEngine.auto());
    }

    /**
     * Creates a cipher with one key, or with the versions of a secret that is rotated.
     *
     * @param key the key, of {@link #KEY_LENGTH} random bytes; the caller closes it
     * @param engine computes
     * @throws IllegalArgumentException if the key has another length
     */
    public AesGcm(Secret key, CryptoEngine engine) {
        this(key, List.of(), engine);
    }

    /**
     * Creates a cipher that also decrypts what earlier keys have encrypted.
     *
     * @param key the key that encrypts, of {@link #KEY_LENGTH} random bytes; the caller closes it
     * @param previous keys that decrypt only; the caller closes them
     * @param engine computes
     * @throws IllegalArgumentException if a key has another length
     */
    public AesGcm(Secret key, List<Secret> previous, CryptoEngine engine) {
        this(key, previous, engine.engines().secretKeys());
    }

    AesGcm(Secret key, List<Secret> previous, SecretKeyEngine engine) {
        requireLength(key);
        previous.forEach(AesGcm::requireLength);
        this.keys = new AesGcmKeys(key, previous, engine);
    }

    private static void requireLength(Secret key) {
        if (key.length() != KEY_LENGTH) {
            throw new IllegalArgumentException("the key has " + key.length() + " bytes, and " + KEY_LENGTH
                    + " are needed; if it is text, read it with the format HEX or BASE64, and if it is a password,"
                    + " derive a key from it with KeyDerivation");
        }
    }

    /**
     * Encrypts.
     *
     * @param plaintext what to encrypt; it is not changed
     * @param associatedData what has to be the same when it is decrypted; may be empty
     * @return a new array, {@link #OVERHEAD} bytes longer than the plaintext
     * @throws io.securememory.SecretClosedException if the key is closed, or was purged during this call
     * @throws io.securememory.MemoryLimitException if a limit leaves no memory to compute in
     * @throws IllegalArgumentException if the key is not a secret of this library
     */
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
        Objects.requireNonNull(plaintext, "plaintext");
        Objects.requireNonNull(associatedData, "associatedData");
        return keys.withCurrent(
                (engine, view, id) -> MessageFormat.encrypt(engine, view, id, plaintext, associatedData));
    }

    /**
     * Decrypts.
     *
     * @param message what {@link #encrypt} returned; it is not changed
     * @param associatedData what was given then
     * @return the plaintext, which the caller wipes
     * @throws DecryptionFailedException if the message was changed or cut, if it is of another key, or if the associated
     *     data are other ones; the exception does not say which
     * @throws io.securememory.SecretClosedException if a key that may be the message's is closed, or was purged during this call
     * @throws io.securememory.MemoryLimitException if a limit leaves no memory to compute in
     * @throws IllegalArgumentException if the key is not a secret of this library
     */
    public byte[] decrypt(byte[] message, byte[] associatedData) {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(associatedData, "associatedData");
        if (!MessageFormat.isMessage(message)) {
            throw failed();
        }
        return keys.withKeyOf(
                MessageFormat.keyId(message),
                (engine, key) -> key.<byte[], AEADBadTagException>withBytes(
                        view -> MessageFormat.decrypt(engine, view, message, associatedData)));
    }

    /**
     * Tells whether a message has the key that encrypts now. If not, encrypting it again makes it independent of the
     * older key. Does not check the message.
     *
     * @param message what {@link #encrypt} returned
     * @return true if it names the current key
     * @throws io.securememory.SecretClosedException if the current key is closed, and was not used here before
     */
    public boolean isCurrent(byte[] message) {
        return MessageFormat.isMessage(message) && keys.currentId() == MessageFormat.keyId(message);
    }

    /**
     * Opens a stream that encrypts, for texts that are too long for an array, such as files. They are encrypted in
     * segments of 64 KiB, which are numbered, and the last of which is marked. So segments that are missing, moved or
     * added are noticed, also at the end.
     *
     * <p>The caller closes the stream: without the last segment, which {@code close()} writes, nothing can be read to its
     * end. If writing fails, {@code close()} does not write it. {@code flush()} passes on whole segments only. The
     * stream keeps the key that it began with, in a copy that it closes, when the secret is rotated; a purge ends it.
     *
     * <p>To be used by one thread at a time.
     *
     * @param out gets the encrypted text, and is closed with the stream
     * @param associatedData what has to be the same when it is decrypted; may be empty; copied
     * @return the stream, whose methods throw what {@link #encrypt} throws, and {@link java.io.IOException} if {@code
     *     out} does
     * @throws io.securememory.SecretClosedException if the key is closed
     * @throws io.securememory.MemoryLimitException if a limit leaves no memory for a copy of the key
     */
    public OutputStream encryptTo(OutputStream out, byte[] associatedData) {
        Objects.requireNonNull(out, "out");
        AesGcmKeys.StreamKey key = keys.copyOfCurrent();
        return new EncryptingStream(out, key, associatedData);
    }

    /**
     * Opens a stream that decrypts what {@link #encryptTo} wrote.
     *
     * <p><b>Limits.</b> What is read was encrypted with the key, in this order, from the beginning. That it is complete
     * is known at the end only: the caller must not act on a part as if it were the whole before {@code read} has
     * returned -1, and discards what it got if {@code read} throws.
     *
     * <p>The caller closes the stream. To be used by one thread at a time.
     *
     * @param in has the encrypted text, up to its end; it is closed with the stream
     * @param associatedData what was given when it was encrypted; copied
     * @return the stream, whose {@code read} throws what {@link #decrypt} throws, and {@link java.io.IOException} if
     *     {@code in} does
     */
    public InputStream decryptFrom(InputStream in, byte[] associatedData) {
        Objects.requireNonNull(in, "in");
        return new DecryptingStream(in, keys, associatedData);
    }

    /** The same text for every cause, as the difference could help an attacker. */
    static DecryptionFailedException failed() {
        return new DecryptionFailedException(
                "This cannot be decrypted: it was changed or cut, or it is of another key, or"
                        + " the associated data are other ones.");
    }

    @Override
    public String toString() {
        return "AesGcm";
    }
}
