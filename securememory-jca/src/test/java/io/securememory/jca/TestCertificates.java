package io.securememory.jca;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** An authority for certificates of tests: a root, and two intermediate ones below it. Its keys are of the JDK. */
final class TestCertificates {

    private final X509Certificate root;

    /** From the lowest one upwards. */
    private final List<X509Certificate> intermediates = new ArrayList<>();

    private final PrivateKey lowestKey;
    private long serial;

    TestCertificates() throws GeneralSecurityException, IOException {
        KeyPair rootKey = newKey();
        root = certificate("CN=Root", "CN=Root", rootKey.getPublic(), rootKey.getPrivate(), true);
        KeyPair first = newKey();
        intermediates.add(certificate("CN=First", "CN=Root", first.getPublic(), rootKey.getPrivate(), true));
        KeyPair second = newKey();
        intermediates.add(0, certificate("CN=Second", "CN=First", second.getPublic(), first.getPrivate(), true));
        lowestKey = second.getPrivate();
    }

    private static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    X509Certificate root() {
        return root;
    }

    /** Returns a certificate for localhost with the intermediate ones, and without the root. */
    X509Certificate[] chain(PublicKey key) throws GeneralSecurityException, IOException {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(certificate("CN=localhost", "CN=Second", key, lowestKey, false));
        chain.addAll(intermediates);
        return chain.toArray(new X509Certificate[0]);
    }

    /** Returns certificates as text for files. */
    static String pem(X509Certificate... certificates) throws GeneralSecurityException {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            text.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return text.toString();
    }

    static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + type + "-----\n";
    }

    private X509Certificate certificate(
            String subject, String issuer, PublicKey key, PrivateKey issuerKey, boolean isAuthority)
            throws GeneralSecurityException, IOException {
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(BigInteger.valueOf(++serial)));
        generator.setSignature(algorithm);
        generator.setIssuer(new X500Name(issuer));
        generator.setSubject(new X500Name(subject));
        generator.setStartDate(new Time(Date.from(Instant.now().minus(Duration.ofDays(1)))));
        generator.setEndDate(new Time(Date.from(Instant.now().plus(Duration.ofDays(30)))));
        generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(key.getEncoded()));
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
        extensions.addExtension(
                Extension.keyUsage, true, new KeyUsage(isAuthority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature));
        if (!isAuthority) {
            GeneralName[] names = {
                new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
            };
            extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        generator.setExtensions(extensions.generate());
        TBSCertificate content = generator.generateTBSCertificate();
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(issuerKey);
        signer.update(content.getEncoded(ASN1Encoding.DER));
        DERSequence certificate = new DERSequence(
                new org.bouncycastle.asn1.ASN1Encodable[] {content, algorithm, new DERBitString(signer.sign())});
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.getEncoded(ASN1Encoding.DER)));
    }
}
