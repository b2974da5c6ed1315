package io.securememory.jca;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;

/** The numbers of an ordinary key, laid out as keys in protected memory have them. */
final class TestNumbers {

    private TestNumbers() {}

    static byte[] of(PrivateKey key) {
        ByteArrayOutputStream numbers = new ByteArrayOutputStream();
        if (key instanceof RSAPrivateCrtKey rsa) {
            int width = (rsa.getModulus().bitLength() + 7) / 8;
            int half = (width + 1) / 2;
            numbers.writeBytes(number(rsa.getPrivateExponent(), width));
            numbers.writeBytes(number(rsa.getPrimeP(), half));
            numbers.writeBytes(number(rsa.getPrimeQ(), half));
            numbers.writeBytes(number(rsa.getPrimeExponentP(), half));
            numbers.writeBytes(number(rsa.getPrimeExponentQ(), half));
            numbers.writeBytes(number(rsa.getCrtCoefficient(), half));
        } else if (key instanceof ECPrivateKey ec) {
            numbers.writeBytes(number(ec.getS(), (ec.getParams().getOrder().bitLength() + 7) / 8));
        } else {
            numbers.writeBytes(((EdECPrivateKey) key).getBytes().orElseThrow());
        }
        return numbers.toByteArray();
    }

    private static byte[] number(BigInteger number, int width) {
        byte[] magnitude = number.toByteArray();
        boolean reversed = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        byte[] wide = new byte[width];
        for (int i = 0; i < Math.min(width, magnitude.length); i++) {
            wide[reversed ? i : width - 1 - i] = magnitude[magnitude.length - 1 - i];
        }
        return wide;
    }
}
