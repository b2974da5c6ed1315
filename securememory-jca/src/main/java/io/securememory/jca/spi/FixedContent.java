package io.securememory.jca.spi;

import io.securememory.Secret;
import io.securememory.jca.engine.KeyShape;

/** Numbers that belong to one key object. */
public final class FixedContent implements KeyContent {

    private final Numbers numbers;

    /**
     * Takes numbers over.
     *
     * @param shape the public part
     * @param numbers the secret part, which is closed with this object
     */
    public FixedContent(KeyShape shape, Secret numbers) {
        this.numbers = new Numbers(shape, numbers);
    }

    @Override
    public Numbers current() {
        return numbers;
    }

    @Override
    public void close() {
        numbers.numbers().close();
    }

    @Override
    public boolean isClosed() {
        return numbers.numbers().isClosed();
    }
}
