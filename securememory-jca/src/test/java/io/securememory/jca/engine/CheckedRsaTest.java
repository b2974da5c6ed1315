package io.securememory.jca.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.jca.engine.TestKeys.TestKey;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Seed;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.junit.jupiter.api.Test;

@OnEverySystem
class CheckedRsaTest {

    private static final int WIDTH = 128;

    /** RSA whose results are changed. */
    private static final class Faulty implements AsymmetricBlockCipher {

        private final TestKey key;
        private final UnaryOperator<byte[]> fault;
        private final List<byte[]> results = new ArrayList<>();

        Faulty(TestKey key, UnaryOperator<byte[]> fault) {
            this.key = key;
            this.fault = fault;
        }

        @Override
        public void init(boolean forEncryption, CipherParameters parameters) {}

        @Override
        public int getInputBlockSize() {
            return WIDTH - 1;
        }

        @Override
        public int getOutputBlockSize() {
            return WIDTH;
        }

        @Override
        public byte[] processBlock(byte[] input, int offset, int length) {
            RSAPrivateKey numbers = (RSAPrivateKey) key.pair().getPrivate();
            BigInteger result =
                    new BigInteger(1, input, offset, length).modPow(numbers.getPrivateExponent(), numbers.getModulus());
            results.add(fault.apply(TestKeys.bigEndian(result, WIDTH)));
            return results.get(results.size() - 1);
        }
    }

    private static byte[] computed(Faulty engine, byte[] input) throws InvalidCipherTextException {
        CheckedRsa rsa = new CheckedRsa(engine, engine.key.rsa());
        rsa.init(true, new RSAKeyParameters(false, engine.key.rsa().modulus(), BigInteger.valueOf(3)));
        assertThat(rsa.getInputBlockSize()).isEqualTo(WIDTH - 1);
        assertThat(rsa.getOutputBlockSize()).isEqualTo(WIDTH);
        return rsa.processBlock(input, 1, input.length - 1);
    }

    @Test
    void rightResultsPass() throws GeneralSecurityException, InvalidCipherTextException {
        TestKey key = TestKeys.rsa(1024);
        byte[] input = new byte[WIDTH];
        input[WIDTH - 1] = 5;

        byte[] result = computed(new Faulty(key, right -> right), input);

        assertThat(new BigInteger(1, result)
                        .modPow(key.rsa().publicExponent(), key.rsa().modulus()))
                .isEqualTo(BigInteger.valueOf(5));
    }

    @Test
    void aResultWithAFaultDoesNotLeave() throws GeneralSecurityException {
        Random random = Seed.random("aResultWithAFaultDoesNotLeave");
        TestKey key = TestKeys.rsa(1024);
        for (int i = 0; i < 20; i++) {
            byte[] input = new byte[WIDTH];
            random.nextBytes(input);
            input[1] = 0;
            Faulty engine = new Faulty(key, right -> {
                right[random.nextInt(WIDTH)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                return right;
            });

            assertThatExceptionOfType(CheckedRsa.WrongResultException.class).isThrownBy(() -> computed(engine, input));
            assertThat(engine.results).hasSize(1);
            assertThat(engine.results.get(0)).containsOnly(0);
        }
    }

    @Test
    void aFaultThatTheLibraryNoticesIsReportedInTheSameWay() throws GeneralSecurityException {
        TestKey key = TestKeys.rsa(1024);
        for (RuntimeException noticed :
                List.of(new IllegalStateException("faulty"), new ArithmeticException("not invertible"))) {
            Faulty engine = new Faulty(key, right -> {
                throw noticed;
            });
            assertThatExceptionOfType(CheckedRsa.WrongResultException.class)
                    .isThrownBy(() -> computed(engine, new byte[WIDTH]))
                    .withNoCause();
        }
    }
}
