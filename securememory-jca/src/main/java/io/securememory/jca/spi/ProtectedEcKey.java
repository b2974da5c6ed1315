package io.securememory.jca.spi;

import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.PrivateKeyEngine;
import java.security.interfaces.ECKey;
import java.security.spec.ECParameterSpec;

/** A key of an elliptic curve. */
final class ProtectedEcKey extends ProtectedPrivateKey implements ECKey {

    private static final long serialVersionUID = 1L;

    ProtectedEcKey(KeyContent content, PrivateKeyEngine engine) {
        super(content, engine);
    }

    @Override
    String algorithm() {
        return "EC";
    }

    @Override
    public ECParameterSpec getParams() {
        return ((KeyShape.Ec) shape()).curve().parameters();
    }
}
