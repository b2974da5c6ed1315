package io.securememory.jca.encoding;

import static io.securememory.jca.encoding.DerReader.CONTEXT_0;
import static io.securememory.jca.encoding.DerReader.INTEGER;
import static io.securememory.jca.encoding.DerReader.OBJECT_IDENTIFIER;
import static io.securememory.jca.encoding.DerReader.OCTET_STRING;
import static io.securememory.jca.encoding.DerReader.SEQUENCE;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecretView;
import io.securememory.internal.SourceSecret;
import io.securememory.memguard.PemText;
import io.securememory.memguard.PemText.Block;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the private key in PEM text or DER bytes in native memory, and makes PKCS#8 of it: of PKCS#8 (encrypted or
 * not), PKCS#1 or SEC 1.
 *
 * <p>If PEM text contains several keys, the first one that can be read is taken. Like in Spring Boot, keys of PKCS#1 come
 * first, then those of SEC 1.
 *
 * <p>What is made on the way is made of the text's secret, and is closed in every case before the result is returned.
 *
 * <p>Source: RFC 5208 and 5958 (PKCS#8), RFC 8017 appendix A.1.2 (PKCS#1), RFC 5915 (SEC 1), RFC 7468 (PEM).
 *
 * @param <T> what is made of the key
 */
final class PrivateKeyReader<T> {

    private static final String EC_PARAMETERS = "EC PARAMETERS";

    /** Other kinds of PEM text that users mistake for a supported key. */
    private static final List<String> OTHER_KINDS = List.of(
            "OPENSSH PRIVATE KEY",
            "DSA PRIVATE KEY",
            "PUBLIC KEY",
            "CERTIFICATE REQUEST",
            "CERTIFICATE",
            EC_PARAMETERS);

    /** Version 0 of PKCS#8, and the identifier of RSA without parameters. */
    private static final byte[] BEFORE_PKCS1 = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private static final byte[] VERSION = {INTEGER, 1, 0};
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    /**
     * Curves by the number of bytes of their keys, for keys that do not name their curve. Spring Boot always assumes the second
     * one.
     */
    private static final Map<Integer, byte[]> CURVES = Map.of(
            32, HexFormat.of().parseHex("06082a8648ce3d030107"),
            48, HexFormat.of().parseHex("06052b81040022"),
            66, HexFormat.of().parseHex("06052b81040023"));

    private final SourceSecret source;
    private final KeyDecryption decryption;
    private final Function<Pkcs8, T> maker;

    /** The curve that the PEM text around the key names, in DER with tag and length. Null if it names none. */
    private byte @Nullable [] curve;

    private PrivateKeyReader(SourceSecret source, @Nullable Secret passphrase, Function<Pkcs8, T> maker) {
        this.source = source;
        this.decryption = new KeyDecryption(passphrase, source);
        this.maker = maker;
    }

    /**
     * Reads a key.
     *
     * @param source the text
     * @param passphrase passphrase of an encrypted key; read for such a key only
     * @param maker makes the result; if it refuses the key, the next one is tried
     * @throws MalformedSecretException if this is not such a key
     */
    static <T> T read(SourceSecret source, @Nullable Secret passphrase, Function<Pkcs8, T> maker) {
        return source.<T, RuntimeException>withBytes(text -> {
            PemText pem = PemText.of(text);
            PrivateKeyReader<T> reader = new PrivateKeyReader<>(source, passphrase, maker);
            return pem.isPem() ? reader.ofPem(pem) : reader.ofDer(text, true);
        });
    }

    private T ofPem(PemText pem) {
        curve = curve(pem);
        MalformedSecretException failure = null;
        for (String label : PemText.PRIVATE_KEYS) {
            for (Block block : pem.blocks(label)) {
                try {
                    return ofBlock(pem, block);
                } catch (MalformedSecretException e) {
                    failure = failure == null || decryption.isExhausted() ? e : failure;
                }
            }
        }
        throw failure == null ? otherKind(pem) : failure;
    }

    private T ofBlock(PemText pem, Block block) {
        int length = pem.length(block);
        try (Secret der = source.derive(length, target -> pem.decode(block, target))) {
            String headers = pem.headers(block);
            return der.<T, RuntimeException>withBytes(view -> {
                if (!EncryptedHeaders.isEncrypted(headers)) {
                    return ofDer(view, true);
                }
                EncryptedHeaders encrypted = EncryptedHeaders.of(headers, block.headers());
                try (Secret plain = encrypted.decrypt(view, decryption)) {
                    return decrypted(plain);
                }
            });
        }
    }

    /** Finds the named curve in PEM text. The JCA knows no other parameters. */
    private static byte @Nullable [] curve(PemText pem) {
        return pem.blocks(EC_PARAMETERS).stream()
                .map(block -> parameters(pem, block))
                .filter(parameters -> parameters.length > 0 && parameters[0] == OBJECT_IDENTIFIER)
                .findFirst()
                .orElse(null);
    }

    /** Returns the bytes of a block, or none if it is malformed, because text beside the key may be anything. */
    private static byte[] parameters(PemText pem, Block block) {
        try {
            return pem.publicBytes(block);
        } catch (MalformedSecretException e) {
            return new byte[0];
        }
    }

    private static MalformedSecretException otherKind(PemText pem) {
        for (String kind : OTHER_KINDS) {
            List<Block> blocks = pem.blocks(kind);
            if (!blocks.isEmpty()) {
                return new MalformedSecretException(blocks.get(0).begin(), "it is no private key but '" + kind + "'");
            }
        }
        return new MalformedSecretException(
                pem.blocks("").get(0).begin(), "it is PEM text, but not of a private key in PKCS#8, PKCS#1 or SEC 1");
    }

    private T ofDer(SecretView der, boolean mayBeEncrypted) {
        DerReader all = new DerReader(der, Pkcs8.NO_KEY);
        DerReader key = all.enter(SEQUENCE);
        SecretView whole = all.position() == der.length() ? der : der.slice(0, all.position());
        if (key.isNext(SEQUENCE) && mayBeEncrypted) {
            try (Secret plain = decryption.decrypt(whole, key)) {
                return decrypted(plain);
            }
        }
        key.skip(INTEGER);
        if (key.isNext(SEQUENCE)) {
            return maker.apply(new Pkcs8(whole));
        }
        if (key.isNext(INTEGER)) {
            return wrapped(BEFORE_PKCS1, whole);
        }
        return wrapped(beforeSec1(der, key), whole);
    }

    /**
     * Reads a decrypted key. A wrong passphrase can, by chance, result in valid padding, and then in something that is no key.
     */
    @SuppressWarnings("PreserveStackTrace")
    private T decrypted(Secret plain) {
        try {
            return plain.<T, RuntimeException>withBytes(view -> ofDer(view, false));
        } catch (MalformedSecretException e) {
            throw KeyDecryption.doesNotFit(e.position());
        }
    }

    /** Wraps a key in PKCS#8, in native memory. */
    private T wrapped(byte[] before, SecretView key) {
        byte[] keyHeader = DerReader.header(OCTET_STRING, key.length());
        int length = before.length + keyHeader.length + key.length();
        byte[] header = DerReader.header(SEQUENCE, length);
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        start.writeBytes(header);
        start.writeBytes(before);
        start.writeBytes(keyHeader);
        byte[] bytes = start.toByteArray();
        try (Secret pkcs8 = source.derive(header.length + length, target -> {
            target.copyFrom(0, bytes, 0, bytes.length);
            target.copyFrom(bytes.length, key, 0, key.length());
        })) {
            return pkcs8.<T, RuntimeException>withBytes(view -> maker.apply(new Pkcs8(view)));
        }
    }

    /** Returns the version of PKCS#8 and the identifier of elliptic curves, with the curve of this key. */
    private byte[] beforeSec1(SecretView der, DerReader key) {
        DerReader number = key.enter(OCTET_STRING);
        byte[] parameters = parameters(der, key, number.end() - number.position());
        ByteArrayOutputStream before = new ByteArrayOutputStream();
        before.writeBytes(VERSION);
        before.writeBytes(DerReader.header(SEQUENCE, EC.length + parameters.length));
        before.writeBytes(EC);
        before.writeBytes(parameters);
        return before.toByteArray();
    }

    private byte[] parameters(SecretView der, DerReader key, int length) {
        if (key.isNext(CONTEXT_0)) {
            DerReader inside = key.enter(CONTEXT_0);
            if (!inside.isNext(OBJECT_IDENTIFIER)) {
                throw new MalformedSecretException(
                        inside.position(), "its elliptic curve is written as numbers, and not by name");
            }
            int from = inside.position();
            inside.identifier();
            byte[] copy = new byte[inside.position() - from];
            der.copyTo(from, copy, 0, copy.length);
            return copy;
        }
        byte[] known = curve == null ? CURVES.get(length) : curve;
        if (known == null) {
            throw new MalformedSecretException(key.position(), "it does not say of which elliptic curve it is");
        }
        return known;
    }
}
