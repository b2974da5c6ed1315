package io.securememory.jca.encoding;

import static io.securememory.jca.encoding.DerReader.BIT_STRING;
import static io.securememory.jca.encoding.DerReader.CONTEXT_0;
import static io.securememory.jca.encoding.DerReader.IMPLICIT_1;
import static io.securememory.jca.encoding.DerReader.INTEGER;
import static io.securememory.jca.encoding.DerReader.OBJECT_IDENTIFIER;
import static io.securememory.jca.encoding.DerReader.OCTET_STRING;
import static io.securememory.jca.encoding.DerReader.SEQUENCE;

import io.securememory.MalformedSecretException;
import io.securememory.SecretView;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A private key in PKCS#8, not encrypted, in native memory. Only what names its algorithm was read: the key in it may be
 * damaged.
 *
 * <p><b>Threading.</b> For the thread that gets it, until the function that gets it returns.
 *
 * <p>Source: RFC 5208, RFC 5958.
 */
public final class Pkcs8 {

    static final String NO_KEY = "it is no private key in PKCS#8, PKCS#1 or SEC 1";

    /** Version of a key that may have its public key with it. */
    private static final int WITH_PUBLIC_KEY = 1;

    private final SecretView bytes;
    private final String algorithm;
    private final int position;

    /**
     * @param bytes the key, without any bytes after it
     * @throws MalformedSecretException if it does not begin like one
     */
    Pkcs8(SecretView bytes) {
        this.bytes = bytes;
        DerReader content = content();
        content.skip(INTEGER);
        this.algorithm = identifier(content.enter(SEQUENCE));
        this.position = content.position();
    }

    /**
     * The elements of a key.
     *
     * @param parameters what follows the name of the algorithm
     * @param key the algorithm's own structure
     * @param publicKey the public key, if it is there
     */
    record Elements(
            DerReader parameters, DerReader key, @Nullable SecretView publicKey) {}

    /**
     * Returns the bytes.
     *
     * @return the key in DER, without any bytes after it
     */
    public SecretView bytes() {
        return bytes;
    }

    /**
     * Returns the algorithm. It is not secret, because the certificate shows it, too.
     *
     * @return the bytes of its object identifier, as hexadecimal digits; empty if it is longer than all that are known
     */
    public String algorithm() {
        return algorithm;
    }

    /**
     * Returns where the key itself begins, for messages.
     *
     * @return offset in bytes
     */
    public int position() {
        return position;
    }

    /**
     * Returns the name of an elliptic curve.
     *
     * @return an object identifier in DER; empty if the parameters of the algorithm begin with something else
     * @throws MalformedSecretException if the identifier is incomplete, or longer than all that are known
     */
    public Optional<byte[]> curve() {
        DerReader content = content();
        content.skip(INTEGER);
        DerReader parameters = content.enter(SEQUENCE);
        parameters.skip(OBJECT_IDENTIFIER);
        if (!parameters.isNext(OBJECT_IDENTIFIER)) {
            return Optional.empty();
        }
        byte[] identifier = parameters.publicContent(OBJECT_IDENTIFIER);
        byte[] header = DerReader.header(OBJECT_IDENTIFIER, identifier.length);
        byte[] encoded = Arrays.copyOf(header, header.length + identifier.length);
        System.arraycopy(identifier, 0, encoded, header.length, identifier.length);
        return Optional.of(encoded);
    }

    /**
     * Reads all elements.
     *
     * @throws MalformedSecretException if one of them is missing or damaged, or if there are others
     */
    Elements elements() {
        DerReader content = content();
        int version = content.number();
        if (version != 0 && version != WITH_PUBLIC_KEY) {
            throw content.malformed();
        }
        DerReader parameters = content.enter(SEQUENCE);
        parameters.skip(OBJECT_IDENTIFIER);
        DerReader key = content.enter(OCTET_STRING);
        if (content.isNext(CONTEXT_0)) {
            content.skip(CONTEXT_0); // Attributes, which say nothing about the key.
        }
        SecretView publicKey = null;
        if (version == WITH_PUBLIC_KEY && content.isNext(IMPLICIT_1)) {
            publicKey = bitString(content, IMPLICIT_1);
        }
        content.requireEnd();
        return new Elements(parameters, key, publicKey);
    }

    /** Reads a string of whole bytes. */
    static SecretView bitString(DerReader reader) {
        return bitString(reader, BIT_STRING);
    }

    private static SecretView bitString(DerReader reader, int tag) {
        DerReader content = reader.enter(tag);
        SecretView all = content.view();
        if (all.length() == 0 || all.get(0) != 0) { // How many bits of the last byte are left out.
            throw content.malformed();
        }
        return all.slice(1, all.length() - 1);
    }

    private DerReader content() {
        return new DerReader(bytes, NO_KEY).enter(SEQUENCE);
    }

    /**
     * Reads the identifier of the algorithm. One that is longer than all known ones may be anything, so it is not copied
     * to the heap.
     */
    private static String identifier(DerReader algorithm) {
        try {
            return algorithm.identifier();
        } catch (MalformedSecretException e) {
            return "";
        }
    }
}
