package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Map;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a search for the numbers of a key finds. */
class NumberTracesTest {

    private static SortedSet<String> found(Map<String, byte[]> patterns, byte[] memory) throws IOException {
        return new ByteSearch(patterns).foundIn(new ByteArrayInputStream(memory));
    }

    private static PrivateKey key(String algorithm) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
    }

    /** As a BigInteger keeps its magnitude: words from the most significant one, each in the order of the machine. */
    private static byte[] words(BigInteger number) {
        byte[] magnitude = number.toByteArray();
        ByteBuffer source = ByteBuffer.allocate((magnitude.length + 3) / 4 * 4);
        source.put(source.capacity() - magnitude.length, magnitude);
        ByteBuffer words = ByteBuffer.allocate(source.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        while (source.hasRemaining()) {
            words.putInt(source.getInt());
        }
        return words.array();
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void anEncodedKeyIsFound(String algorithm) throws Exception {
        PrivateKey key = key(algorithm);

        assertThat(found(NumberTraces.of("key", key), key.getEncoded())).isNotEmpty();
        assertThat(found(NumberTraces.of("key", key(algorithm)), key.getEncoded()))
                .isEmpty();
    }

    @Test
    void everyFormOfEachNumberIsFound() throws Exception {
        RSAPrivateCrtKey rsa = (RSAPrivateCrtKey) key("RSA");
        Map<String, BigInteger> numbers = Map.of(
                "k d", rsa.getPrivateExponent(),
                "k p", rsa.getPrimeP(),
                "k q", rsa.getPrimeQ(),
                "k dp", rsa.getPrimeExponentP(),
                "k dq", rsa.getPrimeExponentQ(),
                "k qinv", rsa.getCrtCoefficient());
        Map<String, byte[]> patterns = NumberTraces.of("k", rsa);

        for (Map.Entry<String, BigInteger> number : numbers.entrySet()) {
            byte[] bytes = number.getValue().toByteArray();
            assertThat(found(patterns, bytes)).anyMatch(name -> name.startsWith(number.getKey() + " from"));
            assertThat(found(patterns, reversed(bytes)))
                    .anyMatch(name -> name.startsWith(number.getKey() + " from") && name.endsWith("reversed"));
            assertThat(found(patterns, words(number.getValue())))
                    .anyMatch(name -> name.startsWith(number.getKey() + " from") && name.endsWith("words"));
        }
    }
}
