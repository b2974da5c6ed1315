package io.securememory.jca.encoding;

import io.securememory.Secret;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * Derives keys from a passphrase. The bytes of the passphrase are taken as they are, because OpenSSL accepts a passphrase that
 * is not ASCII, and the JDK's own classes refuse it.
 *
 * <p>Digests of the JDK keep their first input. So they get other input at the end, which overwrites the passphrase.
 *
 * <p>Source: RFC 8018 section 5.2 (PBKDF2), EVP_BytesToKey of OpenSSL.
 */
final class PassphraseKeys {

    private static final int MD5_BLOCK = 64;

    private PassphraseKeys() {}

    /** Returns a key. The caller wipes it. */
    static byte[] pbkdf2(Secret passphrase, String function, byte[] salt, int iterations, int length) {
        byte[] key = new byte[length];
        try {
            Mac mac = Mac.getInstance(function);
            return passphrase.<byte[], GeneralSecurityException>withKey(function, secret -> {
                try {
                    mac.init(secret);
                    fill(key, mac, salt, iterations);
                    return key;
                } finally {
                    mac.init(new WipedKey(function, new byte[1])); // Overwrites the passphrase.
                }
            });
        } catch (GeneralSecurityException e) {
            Arrays.fill(key, (byte) 0);
            throw new IllegalStateException("the JDK has no " + function, e);
        } catch (RuntimeException | Error e) {
            Arrays.fill(key, (byte) 0);
            throw e;
        }
    }

    private static void fill(byte[] key, Mac mac, byte[] salt, int iterations) throws GeneralSecurityException {
        byte[] block = new byte[mac.getMacLength()];
        byte[] sum = new byte[block.length];
        for (int from = 0, number = 1; from < key.length; from += sum.length, number++) {
            mac.update(salt);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
            mac.doFinal(block, 0);
            System.arraycopy(block, 0, sum, 0, sum.length);
            for (int i = 1; i < iterations; i++) {
                mac.update(block);
                mac.doFinal(block, 0);
                for (int j = 0; j < sum.length; j++) {
                    sum[j] ^= block[j];
                }
            }
            System.arraycopy(sum, 0, key, from, Math.min(sum.length, key.length - from));
        }
        Arrays.fill(block, (byte) 0);
        Arrays.fill(sum, (byte) 0);
    }

    /** Returns a key for encrypted PEM headers, derived by MD5 with one iteration. The caller wipes it. */
    static byte[] md5(Secret passphrase, byte[] salt, int length) {
        byte[] key = new byte[length];
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            return passphrase.<byte[], GeneralSecurityException>withHeapBytes(bytes -> {
                byte[] block = new byte[0];
                for (int from = 0; from < length; from += block.length) {
                    digest.update(block);
                    digest.update(bytes);
                    Arrays.fill(block, (byte) 0);
                    block = digest.digest(salt);
                    System.arraycopy(block, 0, key, from, Math.min(block.length, length - from));
                }
                Arrays.fill(block, (byte) 0);
                digest.digest(new byte[MD5_BLOCK]); // Overwrites the passphrase.
                return key;
            });
        } catch (GeneralSecurityException e) {
            Arrays.fill(key, (byte) 0);
            throw new IllegalStateException("the JDK has no MD5", e);
        } catch (RuntimeException | Error e) {
            Arrays.fill(key, (byte) 0);
            throw e;
        }
    }
}
