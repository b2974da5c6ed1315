package io.securememory.jca.spi;

import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.PrivateKeyEngine;
import java.security.interfaces.XECKey;
import java.security.spec.NamedParameterSpec;

/** A key of X25519 or X448. */
final class ProtectedXecKey extends ProtectedPrivateKey implements XECKey {

    private static final long serialVersionUID = 1L;

    ProtectedXecKey(KeyContent content, PrivateKeyEngine engine) {
        super(content, engine);
    }

    /** The name that the JDK's keys have. */
    @Override
    String algorithm() {
        return "XDH";
    }

    @Override
    public NamedParameterSpec getParams() {
        return new NamedParameterSpec(((KeyShape.Raw) shape()).kind().standardName());
    }
}
