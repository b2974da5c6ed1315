package io.securememory.spring.boot.jwt;

import java.security.KeyPair;
import java.util.function.Function;

/** One pair of keys, which is never replaced. */
final class PairSource implements KeySource {

    private final KeyPair pair;
    private final Function<KeyPair, JwtKey> loader;

    PairSource(KeyPair pair, Function<KeyPair, JwtKey> loader) {
        this.pair = pair;
        this.loader = loader;
    }

    @Override
    public Object version() {
        return pair;
    }

    @Override
    public JwtKey load(Object version) {
        return loader.apply(pair);
    }

    @Override
    public boolean isClosed() {
        return pair.getPrivate().isDestroyed();
    }
}
