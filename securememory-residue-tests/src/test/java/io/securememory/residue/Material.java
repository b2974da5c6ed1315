package io.securememory.residue;

import io.securememory.testing.Certificates;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.util.Arrays;
import java.util.Base64;

/** Secrets that are made up, in the files from which applications take them. */
final class Material {

    /** What is searched for is in files with this ending. */
    static final String SECRET = ".secret";

    static final String KEY_STORE_PASSWORD = "changeit";

    private static final int BYTES = 32;

    private Material() {}

    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** Writes a key of 256 bits. */
    static void key(Path directory, String name) throws IOException {
        Files.write(directory.resolve(name + SECRET), random());
    }

    /** Writes a password or token, and returns it for other files. */
    static String text(Path directory, String name) throws IOException {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random());
        Files.writeString(directory.resolve(name + SECRET), text);
        return text;
    }

    /**
     * Writes a pair of keys of RSA. What is searched for is the private exponent: most of an encoded private key is the same in
     * all keys or is public.
     */
    static void pair(Path directory, String name) throws IOException {
        Certificates pair = Certificates.another("RSA");
        Files.write(directory.resolve(name + SECRET), magnitude(((RSAPrivateKey) pair.key()).getPrivateExponent()));
        Files.write(directory.resolve(name + ".der"), pair.keyDer());
        Files.writeString(directory.resolve(name + ".pem"), pair.keyPem());
        Files.writeString(directory.resolve(name + ".crt"), pair.certificatePem());
        try (var out = Files.newOutputStream(directory.resolve(name + ".p12"))) {
            keyStore(pair).store(out, KEY_STORE_PASSWORD.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyStore keyStore(Certificates pair) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", pair.key(), KEY_STORE_PASSWORD.toCharArray(), new Certificate[] {pair.certificate()});
        return store;
    }

    private static byte[] magnitude(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        return Arrays.copyOfRange(bytes, sign, bytes.length);
    }
}
