package io.securememory.jca.spi;

import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.PrivateKeyEngine;
import java.math.BigInteger;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/** A key of RSA or RSASSA-PSS. Its modulus is public, and JSSE chooses signature schemes by it. */
final class ProtectedRsaKey extends ProtectedPrivateKey implements RSAKey {

    private static final long serialVersionUID = 1L;

    private final String algorithm;

    ProtectedRsaKey(KeyContent content, PrivateKeyEngine engine) {
        super(content, engine);
        this.algorithm = shape().algorithm();
    }

    private KeyShape.Rsa rsa() {
        return (KeyShape.Rsa) shape();
    }

    @Override
    String algorithm() {
        return algorithm;
    }

    @Override
    public BigInteger getModulus() {
        return rsa().modulus();
    }

    @Override
    public @Nullable AlgorithmParameterSpec getParams() {
        return rsa().parameters();
    }
}
