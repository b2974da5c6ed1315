package io.securememory.spring.boot.autoconfigure.ssl;

import static io.securememory.spring.boot.autoconfigure.ssl.DerReader.INTEGER;
import static io.securememory.spring.boot.autoconfigure.ssl.DerReader.OCTET_STRING;
import static io.securememory.spring.boot.autoconfigure.ssl.DerReader.SEQUENCE;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecretView;
import io.securememory.SecureMemoryException;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
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
 * Decrypts private keys by a passphrase that is a secret. What comes out is in locked memory; a piece of 256 bytes at a time
 * is on the heap on the way, and wiped. Of what is not PBES2, it is all of it.
 *
 * <p>One of them is for one text: what several keys in it ask for together is no more than one may ask for.
 *
 * <p><b>Limits.</b> The ciphers are the JDK's, which keep their own key until they are collected: it is of use with the encrypted
 * file only.
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

    /** More take minutes, and nobody asks for them: a file that says so is damaged, or is meant to stop the application. */
    private static final int MAX_ITERATIONS = 10_000_000;

    /** Bytes. */
    private static final int MAX_SALT = 1024;

    /** A multiple of the length of every block. */
    private static final int PIECE = 256;

    private final @Nullable Secret passphrase;
    private final MemGuard guard;

    /** Iterations that were asked for so far. */
    private int iterations;

    private boolean isExhausted;

    KeyDecryption(@Nullable Secret passphrase, MemGuard guard) {
        this.passphrase = passphrase;
        this.guard = guard;
    }

    /** A cipher that chains blocks, and the length of its key in bytes. */
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

    /** The passphrase was another one, or the text is damaged: a cipher cannot tell. */
    static MalformedSecretException doesNotFit(int position) {
        return new MalformedSecretException(position, "it is encrypted by another passphrase, or damaged");
    }

    /**
     * Returns the passphrase.
     *
     * @param position of what is encrypted
     * @throws MalformedSecretException if there is none
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
     * @param info all of it
     * @param content what is in it
     * @return the key, perhaps with some bytes behind it, which the caller closes
     * @throws MalformedSecretException if it is encrypted in another way, or by another passphrase
     */
    LockedBuffer decrypt(SecretView info, DerReader content) {
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
            parameters.skip(INTEGER); // The length of the key, which the cipher knows.
        }
        String function =
                parameters.hasMore() ? FUNCTIONS.get(parameters.enter(SEQUENCE).identifier()) : "HmacSHA1";
        if (function == null || asked < 1) {
            throw notSupported(begin);
        }
        requireFew(asked, begin);
        return PassphraseKeys.pbkdf2(password, function, salt, asked, cipher.keyLength());
    }

    /** Of PBES1 and PKCS#12: salt and iterations. What has other parameters is refused later. */
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

    /** Tells whether a key was refused that might have been read if nothing had been before it. */
    boolean isExhausted() {
        return isExhausted;
    }

    private static MalformedSecretException notSupported(int position) {
        return new MalformedSecretException(
                position,
                "it is encrypted in a way that is not supported: neither PBKDF2 with AES or DES-EDE3 nor PBES1");
    }

    /**
     * Decrypts blocks that are chained, and padded to their length.
     *
     * @param key left as it is
     * @return what was encrypted, with its padding behind it, which the caller closes
     * @throws MalformedSecretException if the padding is none
     */
    LockedBuffer decrypt(BlockCipher kind, byte[] key, byte[] start, SecretView encrypted) {
        int length = encrypted.length();
        if (length == 0 || length % kind.blockLength != 0 || start.length != kind.blockLength) {
            throw doesNotFit(0);
        }
        LockedBuffer plain = guard.allocate(length, target -> {
            try (WipedKey wiped = new WipedKey(kind.algorithm, key)) {
                Cipher cipher = Cipher.getInstance(kind.algorithm + "/CBC/NoPadding");
                cipher.init(Cipher.DECRYPT_MODE, wiped, new IvParameterSpec(start));
                decrypt(cipher, encrypted, target);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK has no " + kind.algorithm, e);
            }
        });
        try {
            if (!plain.withBytes(view -> isPadded(view, kind.blockLength))) {
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

    @SuppressWarnings("PreserveStackTrace") // What comes from a cipher may say what was decrypted.
    private LockedBuffer byJca(SecretView info, Secret password, int position) {
        byte[] encoded = new byte[info.length()];
        info.copyTo(0, encoded, 0, encoded.length);
        try {
            EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(encoded);
            return password.<LockedBuffer, GeneralSecurityException>withHeapChars(text -> byJca(encrypted, text));
        } catch (SecureMemoryException e) {
            throw e;
        } catch (NoSuchAlgorithmException e) {
            throw notSupported(position);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw doesNotFit(position);
        }
    }

    private LockedBuffer byJca(EncryptedPrivateKeyInfo encrypted, char[] text) throws GeneralSecurityException {
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
            return guard.allocate(Math.max(length, 1), target -> target.copyFrom(0, plain, 0, length));
        } finally {
            destroy(key); // It has a copy of the passphrase.
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
