package io.securememory.jca.engine;

import java.nio.ByteBuffer;

/**
 * Takes a secret that was computed.
 *
 * @param <T> what it makes of it
 */
@FunctionalInterface
public interface SecretResult<T> {

    /**
     * Takes the bytes. They are wiped when this method has returned.
     *
     * @param memory holds the bytes; its position and limit mean nothing
     * @param at index of the first byte
     * @param length how many bytes
     * @return what was made of them
     */
    T take(ByteBuffer memory, int at, int length);
}
