package io.securememory.jca.spi;

import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.PrivateKeyEngine;
import java.security.interfaces.EdECKey;
import java.security.spec.NamedParameterSpec;

/** A key of Ed25519 or Ed448. */
final class ProtectedEdEcKey extends ProtectedPrivateKey implements EdECKey {

    private static final long serialVersionUID = 1L;

    ProtectedEdEcKey(KeyContent content, PrivateKeyEngine engine) {
        super(content, engine);
    }

    /** The name that the JDK's keys have. */
    @Override
    String algorithm() {
        return "EdDSA";
    }

    @Override
    public NamedParameterSpec getParams() {
        return new NamedParameterSpec(((KeyShape.Raw) shape()).kind().standardName());
    }
}
