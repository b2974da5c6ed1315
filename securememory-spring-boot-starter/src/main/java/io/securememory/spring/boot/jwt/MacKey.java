package io.securememory.spring.boot.jwt;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import io.securememory.Secret;
import io.securememory.memguard.MemGuard;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A key of HMAC. It has a secret of its own, so that it can verify when the one that it is a copy of is replaced. */
final class MacKey implements JwtKey {

    /** No token is signed as this text: the input of a signature has a dot. */
    private static final byte[] LABEL = "key id of a JWT by securememory".getBytes(StandardCharsets.US_ASCII);

    private static final int ID_BYTES = 16;

    private final Secret secret;
    private final MacFunction mac;
    private final String id;

    /**
     * Takes a secret over.
     *
     * @param secret closed with this object, also if this constructor throws
     * @param id the key id, or null for one that is computed
     */
    MacKey(Secret secret, MacFunction mac, @Nullable String id) {
        this.secret = secret;
        this.mac = mac;
        try {
            this.id = id == null ? checkValue(mac) : id;
        } catch (Throwable e) {
            secret.close();
            throw e;
        }
    }

    /**
     * Computes a key id: the same in each instance of an application that has this key, and after each restart. It tells
     * about the key what each token tells, an HMAC of a known text, and less of that.
     */
    private static String checkValue(MacFunction mac) {
        return Base64URL.encode(Arrays.copyOf(mac.of(LABEL), ID_BYTES)).toString();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public byte[] sign(byte[] input) {
        return mac.of(input);
    }

    /** Takes a time that does not depend on how many bytes of the signature are right. */
    @Override
    public boolean verify(JWSHeader header, byte[] input, Base64URL signature) {
        byte[] right = mac.of(input);
        try {
            return MemGuard.constantTimeEquals(right, signature.decode());
        } finally {
            Arrays.fill(right, (byte) 0); // It may be the signature of what someone else has made up.
        }
    }

    @Override
    public @Nullable JWK publicKey() {
        return null;
    }

    @Override
    public void close() {
        secret.close();
    }
}
