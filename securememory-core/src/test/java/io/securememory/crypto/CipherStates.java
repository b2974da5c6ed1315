package io.securememory.crypto;

import java.nio.ByteBuffer;

/** What the ciphers have in registers and on the stack while they compute, for searches and for their controls. */
public final class CipherStates {

    /** Where in the memory of {@link #roundsAlone} the state is. */
    public static final int STATE = ChaCha20Block.KEY_SIZE;

    private static final int DOUBLE_ROUNDS = 10;
    private static final int KEY_ROW = 16;

    private CipherStates() {}

    /** Bytes for {@link #roundsAlone}. */
    public static int workSize() {
        return ChaCha20Block.KEY_SIZE + ChaCha20Block.SIZE;
    }

    /**
     * Computes the words of a block after its rounds whose difference with the key stream is the key.
     *
     * @param memory has the key at 0; the eight words go to {@link #STATE}
     */
    public static void stateAfterRounds(ByteBuffer memory, int counter, long nonce) {
        ChaCha20Block.rounds(memory, 0, counter, 0, nonce, STATE, DOUBLE_ROUNDS);
        subtractKey(memory);
    }

    private static void subtractKey(ByteBuffer memory) {
        for (int i = 0; i < ChaCha20Block.KEY_SIZE; i += Integer.BYTES) {
            memory.putInt(STATE + i, memory.getInt(STATE + KEY_ROW + i) - memory.getInt(i));
        }
    }

    /**
     * Computes the two keys that a long text has of its own.
     *
     * @param memory has the engine's key at 0; the sixteen words go to {@link #STATE}
     */
    public static void ownKeys(ByteBuffer memory, long nonce, int length) {
        ChaCha20Block.rounds(memory, 0, length, 1, nonce, STATE, DOUBLE_ROUNDS);
    }

    /** Computes the words of their block after its rounds whose difference with it is the engine's key. */
    public static void stateOfOwnKeys(ByteBuffer memory, long nonce, int length) {
        ownKeys(memory, nonce, length);
        subtractKey(memory);
    }

    /** A text as a library encrypts it, without what overwrites the stack after it. */
    public static void libraryAlone(LibCrypto library, ByteBuffer key, int length) {
        ByteBuffer text = ByteBuffer.allocateDirect(length + Long.BYTES);
        long at = library.addressOf(text);
        long context = library.newCipherContext();
        library.initCipher(context, library.chaCha20Poly1305(), library.addressOf(key), at, 1);
        library.updateCipher(context, at, at + length, at, length);
        library.finishCipher(context, at, at + length);
        library.freeCipherContext(context);
    }

    /** A block as it is computed, without what overwrites the stack after it. */
    public static void roundsAlone(ByteBuffer memory, int counter, long nonce) {
        ChaCha20Block.rounds(memory, 0, counter, 0, nonce, STATE, DOUBLE_ROUNDS);
    }

    /** A block of a digest as it is computed, without what overwrites the stack after it. */
    public static void compressAlone(ByteBuffer memory) {
        Sha256.compress(memory, 0, 64);
    }

    /** Where a digest has its state. */
    public static int stateOfDigest() {
        return Sha256.BLOCK_SIZE;
    }
}
