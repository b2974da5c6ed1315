package io.securememory.jca.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecretView;
import io.securememory.jca.engine.Curve;
import io.securememory.jca.engine.KeyShape;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.XECPrivateKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares what was read with what the JDK makes of the same key. */
final class Numbers {

    private Numbers() {}

    static void areThoseOf(PrivateKey key, ParsedKey parsed) {
        KeyShape shape = parsed.shape();
        assertThat(parsed.numbers().length()).isEqualTo(shape.size());
        if (key instanceof RSAPrivateCrtKey rsa) {
            areThoseOf(rsa, (KeyShape.Rsa) shape, parsed.numbers());
        } else if (key instanceof ECPrivateKey ec) {
            assertThat(((KeyShape.Ec) shape).curve())
                    .isEqualTo(Curve.of(ec.getParams()).orElseThrow());
            assertThat(integers(parsed.numbers(), shape.size())).containsExactly(ec.getS());
        } else {
            assertThat(((KeyShape.Raw) shape).kind().standardName()).isEqualTo(name(key));
            assertThat(parsed.numbers().contentEquals(bytes(key))).isTrue();
        }
    }

    private static void areThoseOf(RSAPrivateCrtKey key, KeyShape.Rsa shape, Secret numbers) {
        assertThat(shape.modulus()).isEqualTo(key.getModulus());
        assertThat(shape.publicExponent()).isEqualTo(key.getPublicExponent());
        assertThat(shape.pss()).isEqualTo(key.getAlgorithm().equals("RSASSA-PSS"));
        areSame((PSSParameterSpec) key.getParams(), shape.parameters());
        int half = shape.halfWidth();
        assertThat(integers(numbers, shape.width(), half, half, half, half, half))
                .containsExactly(
                        key.getPrivateExponent(),
                        key.getPrimeP(),
                        key.getPrimeQ(),
                        key.getPrimeExponentP(),
                        key.getPrimeExponentQ(),
                        key.getCrtCoefficient());
    }

    private static void areSame(@Nullable PSSParameterSpec expected, @Nullable PSSParameterSpec parameters) {
        assertThat(parameters == null).isEqualTo(expected == null);
        if (expected != null && parameters != null) {
            assertThat(parameters.getDigestAlgorithm()).isEqualTo(expected.getDigestAlgorithm());
            assertThat(parameters.getSaltLength()).isEqualTo(expected.getSaltLength());
            assertThat(((MGF1ParameterSpec) parameters.getMGFParameters()).getDigestAlgorithm())
                    .isEqualTo(((MGF1ParameterSpec) expected.getMGFParameters()).getDigestAlgorithm());
        }
    }

    /** Reads numbers in the byte order of the machine, each with its width. */
    static List<BigInteger> integers(Secret numbers, int... widths) {
        return numbers.<List<BigInteger>, RuntimeException>withBytes(view -> {
            List<BigInteger> all = new ArrayList<>();
            int at = 0;
            for (int width : widths) {
                all.add(integer(view.slice(at, width)));
                at += width;
            }
            assertThat(at).isEqualTo(view.length());
            return all;
        });
    }

    private static BigInteger integer(SecretView view) {
        byte[] bytes = new byte[view.length()];
        for (int i = 0; i < bytes.length; i++) {
            boolean reversed = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
            bytes[i] = view.get(reversed ? bytes.length - 1 - i : i);
        }
        return new BigInteger(1, bytes);
    }

    private static String name(PrivateKey key) {
        return key instanceof EdECPrivateKey edwards
                ? edwards.getParams().getName()
                : ((NamedParameterSpec) ((XECPrivateKey) key).getParams()).getName();
    }

    private static byte[] bytes(PrivateKey key) {
        return key instanceof EdECPrivateKey edwards
                ? edwards.getBytes().orElseThrow()
                : ((XECPrivateKey) key).getScalar().orElseThrow();
    }
}
