package io.securememory.jca.engine;

import io.securememory.SecretView;
import io.securememory.crypto.StackProbe;
import io.securememory.libcrypto.KeyLibrary;
import io.securememory.memguard.internal.ComputingView;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Locked memory in which one operation computes with a key. It begins with the bytes of the key. A purge overwrites it
 * with zeros, and it stays mapped until the operation is over.
 */
final class Window {

    private final ByteBuffer memory;
    private final int at;
    private final long address;
    private final int keyLength;

    private Window(ByteBuffer memory, int at, long address, int keyLength) {
        this.memory = memory;
        this.at = at;
        this.address = address;
        this.keyLength = keyLength;
    }

    /**
     * An operation.
     *
     * @param <T> type of the result
     */
    @FunctionalInterface
    interface Operation<T> {

        /**
         * Computes.
         *
         * @param window the memory
         * @param frame memory for what is not secret
         * @return the result, or null if it cannot be computed
         */
        @Nullable
        T in(Window window, NativeFrame frame);
    }

    /**
     * Runs an operation. Then overwrites the registers and the stack that its calls have used.
     *
     * @param cover overwrites the registers
     * @param room bytes of locked memory in addition to those of the key
     * @return the result, or null
     * @throws IllegalArgumentException if the key is not a secret of this library
     * @throws io.securememory.SecretClosedException if a purge came meanwhile
     */
    static <T> @Nullable T run(RegisterCover cover, SecretView key, int room, Operation<T> operation) {
        return run(cover.library(), key, room, false, (window, frame) -> {
            try {
                return operation.in(window, frame);
            } finally {
                cover.run(frame);
            }
        });
    }

    /**
     * Does what {@link #run} does, for an operation that overwrites the registers itself, and needs little stack: it calls
     * ciphers and digests, and the wiping of the stack would take as long as they do.
     */
    static <T> @Nullable T runShallow(KeyLibrary library, SecretView key, int room, Operation<T> operation) {
        return run(library, key, room, true, operation);
    }

    private static <T> @Nullable T run(
            KeyLibrary library, SecretView key, int room, boolean shallow, Operation<T> operation) {
        if (!(key instanceof ComputingView computing)) {
            throw new IllegalArgumentException(
                    "the key is not a secret of this library, which makes guarded memory for it;"
                            + " make one with a SecretFactory");
        }
        StackProbe.touchForSeveral();
        int length = key.length();
        return computing
                .<Optional<T>>compute(length + room, (memory, at) -> {
                    NativeFrame frame = NativeFrame.take(library);
                    try {
                        key.copyTo(0, memory, at, length);
                        Window window = new Window(memory, at, library.addressOf(memory) + at, length);
                        return Optional.ofNullable(operation.in(window, frame));
                    } finally {
                        if (shallow) {
                            StackProbe.wipeNear();
                        } else {
                            StackProbe.wipe();
                        }
                        frame.close();
                    }
                })
                .orElse(null);
    }

    /** Returns where a byte of the key is. */
    long key(int index) {
        return address + index;
    }

    /** Returns where a byte of the room behind the key is. */
    long room(int index) {
        return address + keyLength + index;
    }

    /** Returns the memory, little-endian. */
    ByteBuffer memory() {
        return memory;
    }

    /** Returns the index in {@link #memory()} of a byte of the room behind the key. */
    int indexOfRoom(int index) {
        return at + keyLength + index;
    }

    /** Copies bytes that are not a key into the room behind the key. */
    void write(int index, byte[] source, int from, int length) {
        memory.put(at + keyLength + index, source, from, length);
    }

    /** Copies bytes that are not a key out of the room behind the key. */
    void read(int index, byte[] target, int to, int length) {
        memory.get(at + keyLength + index, target, to, length);
    }

    /** Copies bytes out of the room behind the key. */
    byte[] copy(int index, int length) {
        byte[] copy = new byte[length];
        memory.get(at + keyLength + index, copy, 0, length);
        return copy;
    }

    /** Passes on bytes of the room behind the key. */
    <T> T pass(SecretResult<T> result, int index, int length) {
        return result.take(memory, at + keyLength + index, length);
    }
}
