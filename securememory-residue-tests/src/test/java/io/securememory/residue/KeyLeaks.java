package io.securememory.residue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.securememory.Secret;
import io.securememory.testing.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/** Keys. The arrays that are handed over are wiped afterwards, so that whatever is left is a copy. */
final class KeyLeaks {

    private static final String KEY = "key" + Material.SECRET;
    private static final String HMAC = "HmacSHA256";
    private static final int MILLIS = 20_000;

    private KeyLeaks() {}

    static Kept secretKeySpec(Given given) throws GeneralSecurityException {
        SecretKeySpec key = spec(given);
        Mac mac = Mac.getInstance(HMAC);
        mac.init(key);
        return new Kept(key, mac, mac.doFinal("a message".getBytes(UTF_8)));
    }

    private static SecretKeySpec spec(Given given) {
        try (Secret key = given.secret(KEY)) {
            return key.withHeapBytes(bytes -> new SecretKeySpec(bytes, HMAC));
        }
    }

    static Kept octetSequenceKey(Given given) throws JOSEException {
        OctetSequenceKey key = octets(given);
        MACSigner signer = new MACSigner(key);
        JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload("a message"));
        token.sign(signer);
        return new Kept(key, signer, token.serialize());
    }

    private static OctetSequenceKey octets(Given given) {
        try (Secret key = given.secret(KEY)) {
            return key.withHeapBytes(bytes -> new OctetSequenceKey.Builder(bytes).build());
        }
    }

    static Kept hs256(Given given) {
        SecretKeySpec key = spec(given);
        NimbusJwtEncoder encoder = new NimbusJwtEncoder(new ImmutableSecret<>(key));
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withSecretKey(key).build();
        String token = token(encoder, JwsHeader.with(MacAlgorithm.HS256).build());
        return new Kept(encoder, decoder, decoder.decode(token).getSubject());
    }

    private static String token(JwtEncoder encoder, JwsHeader header) {
        JwtClaimsSet claims = JwtClaimsSet.builder().subject("someone").build();
        return encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue();
    }

    private static String token(JwtEncoder encoder) {
        JwtClaimsSet claims = JwtClaimsSet.builder().subject("someone").build();
        return encoder.encode(JwtEncoderParameters.from(claims)).getTokenValue();
    }

    static Kept signature(Given given) throws GeneralSecurityException {
        PrivateKey key = privateKey(given);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update("a message".getBytes(UTF_8));
        return new Kept(key, signature, signature.sign());
    }

    private static PrivateKey privateKey(Given given) throws GeneralSecurityException {
        try (Secret encoded = given.secret("key.der")) {
            return encoded.withHeapBytes(
                    bytes -> KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes)));
        }
    }

    static Kept rs256(Given given) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(given.file("key.crt"))) {
            RSAPublicKey shown = (RSAPublicKey) CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey();
            NimbusJwtEncoder encoder = NimbusJwtEncoder.withKeyPair(shown, (RSAPrivateKey) privateKey(given))
                    .build();
            return Kept.of(encoder, token(encoder));
        }
    }

    static Kept keyManager(Given given) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyStore store =
                KeyStore.getInstance(given.file("key.p12").toFile(), Material.KEY_STORE_PASSWORD.toCharArray());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, Material.KEY_STORE_PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        shakeHands(context);
        return Kept.of(context);
    }

    private static void shakeHands(SSLContext context) throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (SSLServerSocket server =
                        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 1, here);
                Workers workers = new Workers()) {
            server.setSoTimeout(MILLIS);
            Future<Integer> served = workers.submit(() -> {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    socket.setSoTimeout(MILLIS);
                    socket.getOutputStream().write(1);
                    return socket.getInputStream().read();
                }
            });
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(here, server.getLocalPort())) {
                socket.setSoTimeout(MILLIS);
                socket.getOutputStream().write(socket.getInputStream().read());
            }
            served.get();
        }
    }
}
