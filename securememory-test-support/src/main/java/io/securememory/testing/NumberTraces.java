package io.securememory.testing;

import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The forms in which the secret numbers of a private key can be left in memory: in either byte order, and as the words of
 * a {@code BigInteger}. A run of 16 bytes counts.
 */
public final class NumberTraces {

    /** Length of a run in bytes. */
    public static final int RUN = 16;

    private static final int WORD = 4;

    private final Map<String, byte[]> patterns = new LinkedHashMap<>();

    private NumberTraces() {}

    /** Returns the patterns to search for, by descriptions that are not secret. */
    public static Map<String, byte[]> of(String name, PrivateKey key) {
        NumberTraces traces = new NumberTraces();
        if (key instanceof RSAPrivateCrtKey rsa) {
            traces.add(name + " d", rsa.getPrivateExponent());
            traces.add(name + " p", rsa.getPrimeP());
            traces.add(name + " q", rsa.getPrimeQ());
            traces.add(name + " dp", rsa.getPrimeExponentP());
            traces.add(name + " dq", rsa.getPrimeExponentQ());
            traces.add(name + " qinv", rsa.getCrtCoefficient());
        } else if (key instanceof ECPrivateKey ec) {
            traces.add(name + " scalar", ec.getS());
        } else if (key instanceof EdECPrivateKey ed) {
            traces.add(name + " seed", ed.getBytes().orElseThrow());
        } else {
            throw new IllegalArgumentException("no numbers are known of a key of " + key.getAlgorithm());
        }
        return traces.patterns;
    }

    /** Returns the patterns of a string of bytes, which is as long as a run at least. */
    public static Map<String, byte[]> of(String name, byte[] bytes) {
        NumberTraces traces = new NumberTraces();
        traces.add(name, bytes);
        return traces.patterns;
    }

    private void add(String name, BigInteger number) {
        byte[] magnitude = number.toByteArray();
        byte[] padded = new byte[(magnitude.length + WORD - 1) / WORD * WORD];
        System.arraycopy(magnitude, 0, padded, padded.length - magnitude.length, magnitude.length);
        add(name, padded);
    }

    private void add(String name, byte[] bytes) {
        int last = bytes.length - RUN;
        for (int at : new int[] {Math.min(WORD, last), last / 2 / WORD * WORD, last}) { // The first word may be zeros.
            byte[] run = Arrays.copyOfRange(bytes, at, at + RUN);
            byte[] reversed = new byte[RUN];
            byte[] words = new byte[RUN];
            for (int i = 0; i < RUN; i++) {
                reversed[RUN - 1 - i] = run[i];
                words[i / WORD * WORD + WORD - 1 - i % WORD] = run[i];
            }
            patterns.put(name + " from " + at, run);
            patterns.put(name + " from " + at + ", reversed", reversed);
            patterns.put(name + " from " + at + ", words", words);
        }
    }
}
