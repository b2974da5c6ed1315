package io.securememory.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.x500.X500Principal;

/** A key and a certificate for localhost that signs itself. Source: RFC 5280, section 4.1, and RFC 8410. */
public record Certificates(PrivateKey key, Certificate certificate) {

    private static final Map<String, Certificates> MADE = new ConcurrentHashMap<>();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int DNS_NAME = 0x82;
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final byte[] ALTERNATIVE_NAME = HexFormat.of().parseHex("0603551d11");

    /** How a key of each kind signs: the name that Java has for it, and the DER of its identifier. */
    private enum Signing {
        RSA("SHA256withRSA", "300d06092a864886f70d01010b0500"),
        EC("SHA256withECDSA", "300a06082a8648ce3d040302"),
        ED25519("Ed25519", "300506032b6570");

        private final String algorithm;
        private final String identifier;

        Signing(String algorithm, String identifier) {
            this.algorithm = algorithm;
            this.identifier = identifier;
        }

        private byte[] identifier() {
            return HexFormat.of().parseHex(identifier);
        }

        static Signing of(String key) {
            return key.equals("Ed25519") ? ED25519 : valueOf(key);
        }
    }

    /** Always the same one. */
    public static Certificates of(String algorithm) {
        return MADE.computeIfAbsent(algorithm, Certificates::another);
    }

    /** Another certificate of the same EC key. */
    public Certificates renewed() {
        try {
            KeyPair pair = new KeyPair(certificate.getPublicKey(), key);
            byte[] signed = signed(pair, Signing.EC);
            return new Certificates(
                    key, CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(signed)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Certificates another(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else if (algorithm.equals("RSA")) {
                generator.initialize(2048);
            }
            KeyPair pair = generator.generateKeyPair();
            byte[] signed = signed(pair, Signing.of(algorithm));
            return new Certificates(
                    pair.getPrivate(),
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(signed)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] signed(KeyPair pair, Signing signing) throws GeneralSecurityException {
        byte[] content = content(pair, signing);
        Signature signature = Signature.getInstance(signing.algorithm);
        signature.initSign(pair.getPrivate());
        signature.update(content);
        return der(SEQUENCE, content, signing.identifier(), der(BIT_STRING, new byte[1], signature.sign()));
    }

    private static byte[] content(KeyPair pair, Signing signing) {
        byte[] name = new X500Principal("CN=localhost").getEncoded();
        Instant now = Instant.now();
        byte[] names = der(SEQUENCE, der(DNS_NAME, "localhost".getBytes(US_ASCII)));
        return der(
                SEQUENCE,
                der(VERSION, der(INTEGER, new byte[] {2})),
                der(INTEGER, BigInteger.valueOf(now.toEpochMilli()).toByteArray()),
                signing.identifier(),
                name,
                der(SEQUENCE, time(now.minus(Duration.ofDays(1))), time(now.plus(Duration.ofDays(1)))),
                name,
                pair.getPublic().getEncoded(),
                der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, ALTERNATIVE_NAME, der(OCTET_STRING, names)))));
    }

    private static byte[] time(Instant instant) {
        return der(UTC_TIME, TIME.format(instant).getBytes(US_ASCII));
    }

    /** A tag, the length of what follows, and that. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        int length = content.size();
        if (length >= 0x100) {
            all.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8)});
        } else if (length >= 0x80) {
            all.write(0x81);
        }
        all.write(length);
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }

    public byte[] keyDer() {
        return key.getEncoded();
    }

    public String keyPem() {
        return pem("PRIVATE KEY", keyDer());
    }

    public String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
    }
}
