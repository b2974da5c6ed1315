package io.securememory.jca.engine;

import java.util.Objects;

/**
 * What is encrypted or decrypted, and with which nonce. Refers to the caller's arrays, which must not change meanwhile
 * and are not changed.
 */
public final class AeadMessage {

    private static final byte[] NOTHING = new byte[0];

    private final byte[] nonce;
    private final byte[] associatedData;
    private final byte[] text;
    private final int from;
    private final int length;
    private int room;
    private int tagSize = AeadCipher.TAG_SIZE;

    /**
     * Creates a message with a full tag.
     *
     * @param nonce the nonce
     * @param associatedData what is authenticated and not encrypted
     * @param text plaintext, or ciphertext with the tag behind it
     * @param from index of its first byte
     * @param length bytes
     */
    public AeadMessage(byte[] nonce, byte[] associatedData, byte[] text, int from, int length) {
        Objects.checkFromIndexSize(from, length, text.length);
        this.nonce = nonce;
        this.associatedData = associatedData.length == 0 ? NOTHING : associatedData;
        this.text = text;
        this.from = from;
        this.length = length;
    }

    /**
     * Leaves room in front of a ciphertext, in the same array.
     *
     * @param bytes how many
     * @return this message
     */
    public AeadMessage withRoom(int bytes) {
        room = bytes;
        return this;
    }

    /**
     * Sets the length of the tag.
     *
     * @param bytes from 12 to 16
     * @return this message
     */
    public AeadMessage withTagSize(int bytes) {
        tagSize = bytes;
        return this;
    }

    byte[] nonce() {
        return nonce;
    }

    byte[] associatedData() {
        return associatedData;
    }

    byte[] text() {
        return text;
    }

    int from() {
        return from;
    }

    /** Returns the length of the text without a tag. */
    int bareLength(boolean encrypt) {
        return encrypt ? length : length - tagSize;
    }

    int room() {
        return room;
    }

    int tagSize() {
        return tagSize;
    }

    /** Makes the array for the result. */
    byte[] newOutput(boolean encrypt) {
        return new byte[encrypt ? Math.addExact(Math.addExact(room, length), tagSize) : length - tagSize];
    }
}
