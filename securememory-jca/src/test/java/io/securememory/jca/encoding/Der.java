package io.securememory.jca.encoding;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.HexFormat;

/** Writes DER. */
final class Der {

    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;

    private Der() {}

    static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] content : contents) {
            all.writeBytes(content);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.writeBytes(DerReader.header(tag, all.size()));
        element.writeBytes(all.toByteArray());
        return element.toByteArray();
    }

    static byte[] integer(long number) {
        return integer(BigInteger.valueOf(number));
    }

    static byte[] integer(BigInteger number) {
        return element(INTEGER, number.toByteArray());
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** A private key in PKCS#8. */
    static byte[] pkcs8(int version, String algorithm, byte[] parameters, byte[] key, byte[]... more) {
        ByteArrayOutputStream behind = new ByteArrayOutputStream();
        for (byte[] one : more) {
            behind.writeBytes(one);
        }
        return element(
                SEQUENCE,
                integer(version),
                element(SEQUENCE, element(0x06, hex(algorithm)), parameters),
                element(OCTET_STRING, key),
                behind.toByteArray());
    }
}
