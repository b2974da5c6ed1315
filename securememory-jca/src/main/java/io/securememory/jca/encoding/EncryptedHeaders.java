package io.securememory.jca.encoding;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecretView;
import io.securememory.jca.encoding.KeyDecryption.BlockCipher;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The headers of a PEM block that say how its key is encrypted. OpenSSL before 1.0 and {@code openssl rsa -traditional} write
 * them. Nothing in them is secret.
 *
 * <p>Source: RFC 1421 section 4.6, PEM_do_header of OpenSSL.
 */
record EncryptedHeaders(BlockCipher cipher, String start, int position) {

    private static final Pattern ENCRYPTED = Pattern.compile("Proc-Type:\\s*4\\s*,\\s*ENCRYPTED");
    private static final Pattern HOW = Pattern.compile("DEK-Info:\\s*([\\w-]+)\\s*,\\s*(\\p{XDigit}+)");

    private static final Map<String, BlockCipher> CIPHERS = Map.of(
            "AES-128-CBC", BlockCipher.AES_128,
            "AES-192-CBC", BlockCipher.AES_192,
            "AES-256-CBC", BlockCipher.AES_256,
            "DES-EDE3-CBC", BlockCipher.TRIPLE_DES,
            "DES-CBC", BlockCipher.DES);

    /** Number of bytes of the initialization vector that are also the salt. */
    private static final int SALT = 8;

    static boolean isEncrypted(String headers) {
        return ENCRYPTED.matcher(headers).find();
    }

    /**
     * Reads headers.
     *
     * @param position of the headers, for messages
     * @throws MalformedSecretException if they do not say how the key is encrypted, or name an unknown way
     */
    static EncryptedHeaders of(String headers, int position) {
        Matcher how = HOW.matcher(headers);
        BlockCipher cipher = how.find() ? CIPHERS.get(how.group(1).toUpperCase(Locale.ROOT)) : null;
        if (cipher == null || how.group(2).length() % 2 != 0 || how.group(2).length() < 2 * SALT) {
            throw new MalformedSecretException(
                    position, "its headers do not say that it is encrypted by AES, DES or DES-EDE3 in the mode CBC");
        }
        return new EncryptedHeaders(cipher, how.group(2), position);
    }

    /** Decrypts the content that follows the headers. The caller closes the result. */
    Secret decrypt(SecretView encrypted, KeyDecryption decryption) {
        byte[] vector = HexFormat.of().parseHex(start);
        byte[] key =
                PassphraseKeys.md5(decryption.passphrase(position), Arrays.copyOf(vector, SALT), cipher.keyLength());
        try {
            return decryption.decrypt(cipher, key, vector, encrypted);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
