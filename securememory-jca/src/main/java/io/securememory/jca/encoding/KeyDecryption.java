package io.securememory.jca.encoding;

import static io.securememory.jca.encoding.DerReader.INTEGER;
import static io.securememory.jca.encoding.DerReader.OCTET_STRING;
import static io.securememory.jca.encoding.DerReader.SEQUENCE;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecretView;
import io.securememory.SecureMemoryException;
import io.securememory.internal.SourceSecret;
import io.securememory.memguard.MutableView;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.security.auth.DestroyFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decrypts private keys with a passphrase that is a secret. The result is stored like the text that it comes from. On
 * the way, one piece of 256 bytes at a time is on the heap, and is wiped. If a key is neither in PBES2 nor in PEM with
 * encryption headers, all of it is on the heap for a moment, and is wiped.
 *
 * <p>Each text has its own instance. All keys in the text together may ask for no more iterations than a single key may.
 *
 * <p><b>Limits.</b> The ciphers are those of the JDK. They keep their key on the heap until they are garbage collected. That
 * key is of use only to someone who also has the encrypted file.
 *
 * <p>Source: RFC 5958 section 3, RFC 8018 (PBES2, PBES1), RFC 7292 appendix B and C.
 */
final class KeyDecryption {

    private static final Logger LOG = LoggerFactory.getLogger(KeyDecryption.class);

    private static final String PBES2 = "2a864886f70d01050d";
    private static final String PBKDF2 = "2a864886f70d01050c";

    /** Pseudo-random functions by their object identifiers. */
    private static final Map<String, String> FUNCTIONS = Map.of(
            "2a864886f70d0207", "HmacSHA1",
            "2a864886f70d0208", "HmacSHA224",
            "2a864886f70d0209", "HmacSHA256",
            "2a864886f70d020a", "HmacSHA384",
            "2a864886f70d020b", "HmacSHA512",
            "2a864886f70d020c", "HmacSHA512/224",
            "2a864886f70d020d", "HmacSHA512/256");

    private static final Map<String, BlockCipher> CIPHERS = Map.of(
            "60864801650304" + "0102",
            BlockCipher.AES_128,
            "60864801650304" + "0116",
            BlockCipher.AES_192,
            "60864801650304" + "012a",
            BlockCipher.AES_256,
            "2a864886f70d0307",
            BlockCipher.TRIPLE_DES);

    /**
     * Most iterations. More would take minutes, and nobody uses them. A file that asks for more is damaged, or is an attempt to
     * stop the application.
     */
    private static final int MAX_ITERATIONS = 10_000_000;

    /** Longest salt in bytes. */
    private static final int MAX_SALT = 1024;

    /** Number of bytes that are decrypted at a time. A multiple of every block length. */
    private static final int PIECE = 256;

    private final @Nullable Secret passphrase;
    private final SourceSecret source;

    /** Number of iterations that the keys have asked for so far. */
    private int iterations;

    private boolean isExhausted;

    /**
     * @param source the memory of results is made of this secret
     */
    KeyDecryption(@Nullable Secret passphrase, SourceSecret source) {
        this.passphrase = passphrase;
        this.source = source;
    }

    /** A cipher that chains blocks, with the lengths of its key and its blocks in bytes. */
    enum BlockCipher {
        AES_128("AES", 16, 16),
        AES_192("AES", 24, 16),
        AES_256("AES", 32, 16),
        TRIPLE_DES("DESede", 24, 8),
        DES("DES", 8, 8);

        private final String algorithm;
        private final int keyLength;
        private final int blockLength;

        BlockCipher(String algorithm, int keyLength, int blockLength) {
            this.algorithm = algorithm;
            this.keyLength = keyLength;
            this.blockLength = blockLength;
        }

        int keyLength() {
            return keyLength;
        }
    }

    /** Returns the failure for a wrong passphrase or a damaged text. A cipher cannot tell which of the two it is. */
    static MalformedSecretException doesNotFit(int position) {
        return new MalformedSecretException(position, "it is encrypted by another passphrase, or damaged");
    }

    /**
     * Returns the passphrase.
     *
     * @param position where the encrypted content is, for messages
     * @throws MalformedSecretException if no passphrase is declared
     */
    Secret passphrase(int position) {
        if (passphrase == null) {
            throw new MalformedSecretException(position, "it is encrypted, and no passphrase is declared for it");
        }
        return passphrase;
    }

    /**
     * Decrypts a key of PKCS#8.
     *
     * @param info the whole encrypted key
     * @param content the content of its outermost element
     * @return the key, perhaps followed by some more bytes; the caller closes it
     * @throws MalformedSecretException if it is encrypted in an unsupported way, or with another passphrase
     */
    Secret decrypt(SecretView info, DerReader content) {
        int begin = content.position();
        DerReader algorithm = content.enter(SEQUENCE);
        String identifier = algorithm.identifier();
        DerReader data = content.enter(OCTET_STRING);
        Secret password = passphrase(begin);
        if (!identifier.equals(PBES2)) {
            requireFewIterations(algorithm, begin);
            return byJca(info, password, begin);
        }
        SecretView encrypted = info.slice(data.position(), data.end() - data.position());
        DerReader parameters = algorithm.enter(SEQUENCE);
        DerReader derivation = parameters.enter(SEQUENCE);
        DerReader scheme = parameters.enter(SEQUENCE);
        BlockCipher cipher = CIPHERS.get(scheme.identifier());
        if (cipher == null || !derivation.identifier().equals(PBKDF2)) {
            throw notSupported(begin);
        }
        byte[] key = key(password, derivation.enter(SEQUENCE), cipher, begin);
        try {
            return decrypt(cipher, key, scheme.publicContent(OCTET_STRING), encrypted);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private byte[] key(Secret password, DerReader parameters, BlockCipher cipher, int begin) {
        byte[] salt = parameters.publicContent(OCTET_STRING, MAX_SALT);
        int asked = parameters.number();
        if (parameters.isNext(INTEGER)) {
            parameters.skip(INTEGER); // Skips the length of the key, which the cipher determines.
        }
        String function =
                parameters.hasMore() ? FUNCTIONS.get(parameters.enter(SEQUENCE).identifier()) : "HmacSHA1";
        if (function == null || asked < 1) {
            throw notSupported(begin);
        }
        requireFew(asked, begin);
        return PassphraseKeys.pbkdf2(password, function, salt, asked, cipher.keyLength());
    }

    /**
     * Checks the iterations of PBES1 and PKCS#12, whose parameters are salt and iterations. Other parameters are refused later.
     */
    private void requireFewIterations(DerReader algorithm, int begin) {
        if (algorithm.isNext(SEQUENCE)) {
            DerReader parameters = algorithm.enter(SEQUENCE);
            if (parameters.isNext(OCTET_STRING)) {
                parameters.skip(OCTET_STRING);
                requireFew(parameters.number(), begin);
            }
        }
    }

    private void requireFew(int asked, int begin) {
        if (asked > MAX_ITERATIONS - iterations) {
            String before = iterations == 0 ? "" : " after " + iterations + " of other keys in the same text";
            isExhausted = true;
            throw new MalformedSecretException(
                    begin,
                    "it is encrypted with " + asked + " iterations" + before + ", and " + MAX_ITERATIONS + " are most");
        }
        iterations += Math.max(asked, 1);
    }

    /** Tells whether a key was refused because of its iterations, perhaps only because other keys were read before it. */
    boolean isExhausted() {
        return isExhausted;
    }

    private static MalformedSecretException notSupported(int position) {
        return new MalformedSecretException(
                position,
                "it is encrypted in a way that is not supported: neither PBKDF2 with AES or DES-EDE3 nor PBES1");
    }

    /**
     * Decrypts chained blocks, whose plaintext is padded to whole blocks.
     *
     * @param key not changed
     * @return the plaintext, followed by its padding; the caller closes it
     * @throws MalformedSecretException if the padding is not valid
     */
    Secret decrypt(BlockCipher kind, byte[] key, byte[] start, SecretView encrypted) {
        int length = encrypted.length();
        if (length == 0 || length % kind.blockLength != 0 || start.length != kind.blockLength) {
            throw doesNotFit(0);
        }
        Secret plain = source.derive(length, target -> {
            try (WipedKey wiped = new WipedKey(kind.algorithm, key)) {
                Cipher cipher = Cipher.getInstance(kind.algorithm + "/CBC/NoPadding");
                cipher.init(Cipher.DECRYPT_MODE, wiped, new IvParameterSpec(start));
                decrypt(cipher, encrypted, target);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK has no " + kind.algorithm, e);
            }
        });
        try {
            if (!plain.<Boolean, RuntimeException>withBytes(view -> isPadded(view, kind.blockLength))) {
                throw doesNotFit(0);
            }
            return plain;
        } catch (RuntimeException | Error e) {
            plain.close();
            throw e;
        }
    }

    private static void decrypt(Cipher cipher, SecretView encrypted, MutableView target)
            throws GeneralSecurityException {
        byte[] piece = new byte[PIECE];
        byte[] plain = new byte[PIECE];
        try {
            for (int at = 0; at < encrypted.length(); at += PIECE) {
                int length = Math.min(PIECE, encrypted.length() - at);
                encrypted.copyTo(at, piece, 0, length);
                target.copyFrom(at, plain, 0, cipher.update(piece, 0, length, plain, 0));
            }
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static boolean isPadded(SecretView plain, int blockLength) {
        int last = plain.length() - 1;
        int padding = plain.get(last);
        if (padding < 1 || padding > blockLength) {
            return false;
        }
        int difference = 0;
        for (int i = 0; i < padding; i++) {
            difference |= plain.get(last - i) ^ padding;
        }
        return difference == 0;
    }

    @SuppressWarnings("PreserveStackTrace") // Exceptions of ciphers may contain decrypted bytes.
    private Secret byJca(SecretView info, Secret password, int position) {
        byte[] encoded = new byte[info.length()];
        info.copyTo(0, encoded, 0, encoded.length);
        try {
            EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(encoded);
            return password.<Secret, GeneralSecurityException>withHeapChars(text -> byJca(encrypted, text));
        } catch (SecureMemoryException e) {
            throw e;
        } catch (NoSuchAlgorithmException e) {
            throw notSupported(position);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw doesNotFit(position);
        }
    }

    private Secret byJca(EncryptedPrivateKeyInfo encrypted, char[] text) throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(text);
        byte[] data = encrypted.getEncryptedData();
        byte[] plain = new byte[data.length];
        SecretKey key = null;
        try {
            AlgorithmParameters parameters = encrypted.getAlgParameters();
            key = SecretKeyFactory.getInstance(encrypted.getAlgName()).generateSecret(spec);
            Cipher cipher = Cipher.getInstance(encrypted.getAlgName());
            cipher.init(Cipher.DECRYPT_MODE, key, parameters);
            int length = cipher.doFinal(data, 0, data.length, plain, 0);
            return source.derive(Math.max(length, 1), target -> target.copyFrom(0, plain, 0, length));
        } finally {
            destroy(key); // The key contains a copy of the passphrase.
            spec.clearPassword();
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static void destroy(@Nullable SecretKey key) {
        try {
            if (key != null) {
                key.destroy();
            }
        } catch (DestroyFailedException e) {
            LOG.debug("A provider's key keeps the passphrase until it is collected", e);
        }
    }
}
