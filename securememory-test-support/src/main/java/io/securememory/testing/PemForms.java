package io.securememory.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys and certificates that OpenSSL made, and what people, editors and other tools make of them. */
public final class PemForms {

    /** Is taken. */
    public static final String OK = "ok";

    /** Is taken where Spring Boot takes it, as the virtual machine knows more or less curves and ciphers. */
    public static final String AS_BOOT = "as Boot";

    private final List<Form> forms = new ArrayList<>();

    private PemForms() {}

    /**
     * A key with its certificate.
     *
     * @param expected one of the words above, or what is said where it is refused
     */
    public record Form(
            String name,
            String key,
            String certificate,
            @Nullable String passphrase,
            String expected) {

        @Override
        public String toString() {
            return name;
        }
    }

    public static List<Form> all() {
        PemForms all = new PemForms();
        all.kinds();
        all.encryptions();
        all.severalKeys();
        all.certificates();
        all.chains();
        all.labels();
        all.forms.addAll(PemLayouts.all());
        return all.forms;
    }

    /** The bytes of a file, each as a character. */
    public static String file(String name) {
        try (InputStream in = PemForms.class.getResourceAsStream("/pem/" + name)) {
            return new String(in.readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final String KEY = file("rsa.pem");
    private static final String CERTIFICATE = file("rsa.crt");

    private void add(String name, String key, String certificate, @Nullable String passphrase, String expected) {
        forms.add(new Form(name, key, certificate, passphrase, expected));
    }

    private void files(String key, String certificate, String expected) {
        add(key, file(key), file(certificate), null, expected);
    }

    private void key(String name, String key) {
        add(name, key, CERTIFICATE, null, OK);
    }

    private void refused(String name, String key, String expected) {
        add(name, key, CERTIFICATE, null, expected);
    }

    private void kinds() {
        for (String name : List.of("rsa", "rsa-pkcs1", "rsa-text")) {
            files(name + ".pem", "rsa.crt", OK);
        }
        for (String name : List.of("rsa.der", "rsa-pkcs1.der")) {
            files(name, "rsa.crt", OK);
        }
        for (String name : List.of("pss", "pss-sha512", "rsa1024", "ED25519", "ED448", "X25519", "X448", "dsa")) {
            files(name + ".pem", name + ".crt", OK);
        }
        files("rsa-primes.pem", "rsa-primes.crt", AS_BOOT);
        for (String curve : List.of("prime256v1", "secp384r1", "secp521r1", "secp256k1", "brainpoolP256r1")) {
            files(curve + ".pem", curve + ".crt", OK);
            files(curve + "-sec1.pem", curve + ".crt", OK);
        }
        for (String curve : List.of("brainpoolP384t1", "prime192v1", "sect233k1", "SM2")) {
            files(curve + ".pem", curve + ".crt", AS_BOOT);
            files(curve + "-sec1.pem", curve + ".crt", AS_BOOT);
        }
        for (String name : List.of("prime256v1-no-public.pem", "prime256v1-compressed.pem", "prime256v1-sec1.der")) {
            files(name, "prime256v1.crt", OK);
        }
        files("prime256v1-explicit.pem", "prime256v1.crt", "written as numbers");
        files("dsa-traditional.pem", "dsa.crt", "'DSA PRIVATE KEY'");
        add(
                "EC PARAMETERS before SEC 1",
                file("prime256v1-parameters.pem") + file("prime256v1-sec1.pem"),
                file("prime256v1.crt"),
                null,
                OK);
        refused("PKCS#1 as PRIVATE KEY", file("rsa-pkcs1.pem").replace(" RSA", ""), OK);
        refused("PKCS#8 as RSA PRIVATE KEY", KEY.replace(" PRIVATE", " RSA PRIVATE"), OK);
        refused("Base64 without lines around it", KEY.replaceAll("-.*\n", ""), "no private key in PKCS#8");
    }

    private void encryptions() {
        for (String name : List.of(
                "aes128",
                "aes192",
                "aes256",
                "des3",
                "sha1",
                "sha224",
                "sha384",
                "sha512",
                "sha512-256",
                "iterations",
                "pbe-des3",
                "pbe-md5-des",
                "pbe-rc2",
                "traditional-aes128",
                "traditional-aes192",
                "traditional-aes256",
                "traditional-des3",
                "traditional-des")) {
            String key = file("rsa-" + name + ".pem");
            add("rsa-" + name + ".pem", key, CERTIFICATE, "secret", OK);
            if (name.endsWith("128") || name.startsWith("pbe")) {
                add("rsa-" + name + ".pem, wrong passphrase", key, CERTIFICATE, "secrets", "another passphrase");
            }
        }
        otherEncryptions();
    }

    private void otherEncryptions() {
        for (String name : List.of("prime256v1-encrypted.pem", "prime256v1-traditional.pem")) {
            add(name, file(name), file("prime256v1.crt"), "secret", OK);
        }
        add("ED25519-encrypted.pem", file("ED25519-encrypted.pem"), file("ED25519.crt"), "secret", OK);
        add("rsa-encrypted.der", file("rsa-encrypted.der"), CERTIFICATE, "secret", OK);
        add("rsa-utf8.pem", file("rsa-utf8.pem"), CERTIFICATE, "gehëim €", OK);
        add("rsa-aes256.pem, indented", PemLayouts.indented(file("rsa-aes256.pem")), CERTIFICATE, "secret", OK);
        add(
                "traditional, indented",
                PemLayouts.indented(file("rsa-traditional-aes256.pem")),
                CERTIFICATE,
                "secret",
                OK);
        add("traditional, CRLF", PemLayouts.crlf(file("rsa-traditional-aes256.pem")), CERTIFICATE, "secret", OK);
        add("not encrypted, with a passphrase", KEY, CERTIFICATE, "secret", OK);
        refused("rsa-aes256.pem, no passphrase", file("rsa-aes256.pem"), "no passphrase is declared");
        refused("traditional, no passphrase", file("rsa-traditional-aes256.pem"), "no passphrase is declared");
        add("rsa-scrypt.pem", file("rsa-scrypt.pem"), CERTIFICATE, "secret", "not supported");
        add(
                "camellia",
                file("rsa-traditional-camellia.pem"),
                CERTIFICATE,
                "secret",
                "do not say that it is encrypted by");
    }

    private void severalKeys() {
        String other = file("rsa1024.pem");
        key("two keys, the first is meant", KEY + other);
        key("PKCS#1 behind PKCS#8", other + file("rsa-pkcs1.pem"));
        key("PKCS#8 before an encrypted one", file("rsa-scrypt.pem") + KEY);
        add("SEC 1 behind PKCS#8", other + file("prime256v1-sec1.pem"), file("prime256v1.crt"), null, OK);
        key("a key without an end before", KEY.substring(0, 200) + "\n" + KEY);
        key("a key with a wrong character before", other.replaceFirst("\n.", "\n*") + KEY);
        add("traditional with no passphrase before", file("rsa-traditional-des.pem") + KEY, CERTIFICATE, null, OK);
        refused("a public key", KEY.replace("PRIVATE", "PUBLIC"), "'PUBLIC KEY'");
        refused("a key of OpenSSH", KEY.replace("PRIVATE", "OPENSSH PRIVATE"), "'OPENSSH PRIVATE KEY'");
        refused("a certificate as key", CERTIFICATE, "'CERTIFICATE'");
        refused("a certificate in DER as key", file("rsa-crt.der"), "no private key");
        refused("nothing but a comment", "# to be filled\n", "no private key");
    }

    private void certificate(String name, String text, String expected) {
        add(name, KEY, text, null, expected);
    }

    private void certificates() {
        certificate("rsa-text.crt", file("rsa-text.crt"), OK);
        certificate("rsa-trusted.crt", file("rsa-trusted.crt"), OK);
        certificate("rsa-crt.der", file("rsa-crt.der"), OK);
        certificate("X509 CERTIFICATE", CERTIFICATE.replace("CERT", "X509 CERT"), OK);
        add("chain.crt", file("prime256v1.pem"), file("chain.crt"), null, OK);
        add("chain.p7", file("prime256v1.pem"), file("chain.p7"), null, OK);
        certificate("one that cannot be decoded behind", CERTIFICATE + CERTIFICATE.replaceFirst("\n.", "\n*"), OK);
        certificate("one without an end behind", CERTIFICATE + CERTIFICATE.substring(0, 200), OK);
        certificate("a request", file("request.pem"), "something else than certificates");
        certificate("a key as certificate", KEY, "something else than certificates");
        certificate("an empty file", "", "it holds no certificate");
        certificate(
                "certificate: a wrong character",
                CERTIFICATE.replaceFirst("\n.", "\n*"),
                "alphabet of Base64 (byte offset 28");
        certificate(
                "no certificate in Base64", CERTIFICATE.replaceFirst("\n.", "\nA"), "something else than certificates");
    }

    private void chain(String name, String text) {
        add(name, file("prime256v1.pem"), text, null, OK);
    }

    /** Where Spring Boot makes a bundle without a key store, ours leaves out what does not belong. */
    private void chains() {
        String leaf = file("leaf.crt");
        String three = file("three.crt");
        int second = three.indexOf("-----BEGIN", 9);
        int third = three.lastIndexOf("-----BEGIN");
        String end = three.substring(0, second);
        chain("three.crt", three);
        chain("three of a chain, the first two joined", three.replaceFirst("-----\n-----", "----------"));
        chain("a root of the same name behind the root", three + file("other-root.crt"));
        chain("issuers in another order", end + three.substring(third) + three.substring(second, third));
        chain("a foreign certificate behind", leaf + three.substring(second));
        chain("a foreign certificate between", end + CERTIFICATE + three.substring(second));
        chain("the root twice", leaf + CERTIFICATE + CERTIFICATE);
        chain("the first twice", leaf + leaf);
        chain("the first twice, joined", leaf.strip() + leaf);
        chain("the first twice, joined, and the root", leaf.strip() + leaf + CERTIFICATE);
        chain("a foreign certificate, joined", leaf.strip() + end);
    }

    private void label(String begin, String end) {
        String text = CERTIFICATE.replace("BEGIN CERTIFICATE", "BEGIN " + begin);
        certificate(begin + " and " + end, text.replace("END CERTIFICATE", "END " + end), OK);
    }

    /** Spring Boot reads everything that has the word in its labels. */
    private void labels() {
        for (String label : List.of(
                "CA CERTIFICATE",
                "SSL CERTIFICATE",
                "SIGNING_CERTIFICATE",
                "MY OWN CERTIFICATE",
                "A-B CERTIFICATE",
                "A--B -CERTIFICATE",
                "A CERTIFICATE- B CERTIFICATE",
                "NEWCERTIFICATE",
                "CERTIFICATES",
                "server certificate",
                "PRIVATE KEY CERTIFICATE",
                "CERTIFICATE OF A PRIVATE KEY",
                "ü CERTIFICATE")) {
            label(label, label);
            label(label, "CERTIFICATE");
            label("CERTIFICATE", label);
        }
        label("CERTIFICATES", "NEWCERTIFICATE");
        label("CERTIFICATE", "X509 CERTIFICATE");
        for (String label : List.of("ATTRIBUTE CERTIFICATE", "PRIVATE KEY CERTIFICATE", "MY CERTIFICATE")) {
            String key = KEY.replace("PRIVATE KEY", label);
            certificate("a key as " + label + " behind", CERTIFICATE + key, OK);
            certificate("a key as " + label + " alone", key, "something else than certificates");
        }
        for (String label : List.of("CERTIFICATE", "CERTIFICATE PRIVATE KEY")) {
            certificate("a key as " + label, CERTIFICATE + KEY.replace("PRIVATE KEY", label), "something else than");
        }
        certificate("requests around", request("NEW ") + CERTIFICATE + request(""), OK);
        certificate("text with the word before", "# -BEGIN of my CERTIFICATE\n" + CERTIFICATE, OK);
    }

    private static String request(String label) {
        return file("request.pem").replace("CERTIFICATE", label + "CERTIFICATE");
    }
}
