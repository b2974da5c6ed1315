package io.securememory.jca.encoding;

import io.securememory.Secret;
import io.securememory.internal.SourceSecret;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys: PKCS#8 (encrypted or not), PKCS#1 or SEC 1, as PEM text or DER bytes.
 *
 * <p><b>Guarantees.</b> A key that is not encrypted never gets to the heap, except what is public about it. Whatever is
 * made on the way is in secrets that are stored like the text, and is closed before a method returns or throws. The same
 * text gives the same result each time. No message contains anything of a text or a key.
 *
 * <p><b>Limits.</b> An encrypted key is decrypted by the JDK: 256 bytes of it at a time are on the heap, and are wiped;
 * all of it is, if it is encrypted by PBES1 or as in PKCS#12. The passphrase is on the heap meanwhile, and is wiped.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class PrivateKeyText {

    private PrivateKeyText() {}

    /**
     * Reads the numbers of a key of RSA, RSASSA-PSS, EC (P-256, P-384, P-521), Ed25519, Ed448, X25519 or X448. If a text
     * contains several keys, the first one of these is read.
     *
     * @param text the text; the numbers are stored like it, and are closed with it
     * @param passphrase passphrase of an encrypted key; read for such a key only
     * @return the key; the caller may close its numbers earlier than the text
     * @throws io.securememory.MalformedSecretException if the text is no such key, or a damaged one
     * @throws io.securememory.SecretClosedException if the text or the passphrase is closed, or purged meanwhile
     * @throws io.securememory.MemoryLimitException if a limit leaves no memory
     */
    public static ParsedKey read(SourceSecret text, @Nullable Secret passphrase) {
        Objects.requireNonNull(text, "text");
        NumberReader numbers = new NumberReader(text);
        try {
            return PrivateKeyReader.read(text, passphrase, numbers::read);
        } catch (Throwable e) {
            numbers.closeAfter(e);
            throw e;
        }
    }

    /**
     * Reads a key of any kind, and lets a function make something of it. If a text contains several keys, and the
     * function refuses one by a {@link io.securememory.MalformedSecretException}, it gets the next one.
     *
     * @param text the text
     * @param passphrase passphrase of an encrypted key; read for such a key only
     * @param maker gets the key, until it returns
     * @param <T> what it makes
     * @return what the function returned
     * @throws io.securememory.MalformedSecretException if the text is no private key, or the function refused it
     * @throws io.securememory.SecretClosedException if the text or the passphrase is closed, or purged meanwhile
     * @throws io.securememory.MemoryLimitException if a limit leaves no memory
     */
    public static <T> T readPkcs8(SourceSecret text, @Nullable Secret passphrase, Function<Pkcs8, T> maker) {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(maker, "maker");
        return PrivateKeyReader.read(text, passphrase, maker);
    }
}
