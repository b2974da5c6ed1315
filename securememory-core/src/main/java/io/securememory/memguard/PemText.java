package io.securememory.memguard;

import static io.securememory.memguard.PemLines.ANY;
import static io.securememory.memguard.PemLines.ANY_CERTIFICATE;
import static io.securememory.memguard.PemLines.NONE;

import io.securememory.MalformedSecretException;
import io.securememory.SecretView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Finds the blocks of PEM text in native memory, and decodes them there.
 *
 * <p>Accepts what other readers accept: the form that RFC 7468 calls lax, and more. There may be other text, including
 * a byte order mark, before, after and between blocks. There may be blanks, tabs and line breaks of any kind anywhere
 * inside, lines of any length, headers as in RFC 1421, any number of dashes, and labels in lower case. Headers begin
 * with the first line that is not empty. They end with an empty line, or before the first line that is not a header. A
 * colon anywhere else is not Base64 and is refused.
 *
 * <p><b>Guarantees.</b> No part of the text comes to the heap, except the results of {@link #headers} and {@link
 * #publicBytes}. Labels are compared in native memory. The time taken depends on the layout of the text, not on the
 * bytes that it stands for.
 *
 * <p><b>Threading.</b> For the thread of its view, until the view's action ends.
 *
 * <p>Source: RFC 7468, RFC 1421 section 4.4.
 */
public final class PemText {

    /**
     * Labels of private keys. If a text has several keys, the one whose label comes first in this list is used, as in
     * Spring Boot.
     */
    public static final List<String> PRIVATE_KEYS =
            List.of("RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY");

    private final IntUnaryOperator text;
    private final int from;
    private final int end;
    private final PemLines lines;

    private PemText(IntUnaryOperator text, int from, int end) {
        this.text = text;
        this.from = from;
        this.end = end;
        this.lines = new PemLines(text, from, end);
    }

    /**
     * One block. All numbers are offsets in bytes.
     *
     * @param label the label that was searched for, or an empty text
     * @param begin start of its first line
     * @param headers first byte after that line
     * @param body first byte after its headers, if it has any
     * @param end start of its last line, or -1 if there is no such line
     */
    public record Block(String label, int begin, int headers, int body, int end) {}

    /**
     * Reads the text of a whole view.
     *
     * @param text the text
     * @return the PEM text
     */
    public static PemText of(SecretView text) {
        return new PemText(text::get, 0, text.length());
    }

    /**
     * Reads the text of a part of a view. Offsets are counted from the start of the view.
     *
     * @param text the text
     * @param from first byte of the part
     * @param end index after the last byte
     * @return the PEM text
     */
    public static PemText of(SecretView text, int from, int end) {
        return new PemText(text::get, from, end);
    }

    /**
     * Reads the text of a buffer, from its start to its limit. For text that is too long for locked memory but may
     * contain a key.
     *
     * @param text the text, in a direct buffer that the caller wipes
     * @return the PEM text
     */
    public static PemText of(ByteBuffer text) {
        return new PemText(text::get, 0, text.limit());
    }

    /**
     * Tells whether there is any block, including blocks without an end.
     *
     * @return true if this is PEM text
     * @throws MalformedSecretException if the text is in UTF-16, with its byte order mark
     */
    public boolean isPem() {
        if (!blocks(ANY).isEmpty()) {
            return true; // Whatever is before it: UTF-16 has no such lines.
        }
        ByteOrderMark.refuseUtf16(text, from, end);
        return false;
    }

    /**
     * Finds all blocks with a label, in the order of the text. If another block begins inside a block, that block has
     * no end.
     *
     * @param label words, with a blank between them; empty for all blocks
     * @return the blocks
     */
    public List<Block> blocks(String label) {
        List<Block> blocks = new ArrayList<>();
        int at = from;
        while (at < end) {
            int behind = lines.afterLine(at, "BEGIN", label);
            if (behind == NONE) {
                at++;
                continue;
            }
            int last = lines.lastLine(behind, label);
            blocks.add(new Block(
                    label, at, behind, last == NONE ? behind : new PemHeaders(text, behind, last).end(), last));
            at = last == NONE ? behind : lines.afterLine(last, "END", label);
        }
        return blocks;
    }

    /**
     * Finds all blocks that may be certificates: those that have the word CERTIFICATE anywhere in the labels of their
     * first and their last line, which may differ. These are the blocks that Spring Boot takes for certificates. They
     * include requests and whatever else has such a label.
     *
     * @return the blocks, in the order of the text
     */
    public List<Block> certificates() {
        return blocks(ANY_CERTIFICATE).stream()
                .map(block -> new Block("CERTIFICATE", block.begin(), block.headers(), block.body(), block.end()))
                .toList();
    }

    /**
     * Tells whether a block has the outline of a certificate, or of an envelope of certificates. No private key has it,
     * whatever its label is.
     *
     * @param block a block of this text
     * @return whether it may be public; false surely means that it is no certificate
     * @throws MalformedSecretException as of {@link #length}
     */
    public boolean isOutlineOfCertificate(Block block) {
        length(block);
        DerOutline outline = new DerOutline();
        Base64Text.decode(text, block.body(), block.end(), outline);
        return outline.isOfCertificate();
    }

    /**
     * Finds the block that is used: the private key if there is one, or else the first block.
     *
     * @return the block
     * @throws MalformedSecretException if there is none
     */
    Block main() {
        for (String label : PRIVATE_KEYS) {
            for (Block block : blocks(label)) {
                if (block.end() != NONE) {
                    return block;
                }
            }
        }
        List<Block> all = blocks(ANY);
        if (all.isEmpty()) {
            ByteOrderMark.refuseUtf16(text, from, end);
            throw new MalformedSecretException(end, "it has no line that begins with -----BEGIN");
        }
        return all.get(0);
    }

    /**
     * Checks the content of a block.
     *
     * @param block a block of this text
     * @return number of bytes that it stands for, at least 1
     * @throws MalformedSecretException if it is not Base64, or if the block is empty or has no end
     */
    public int length(Block block) {
        if (block.end() == NONE) {
            String line = block.label().isEmpty() ? "that begins with -----END" : "-----END " + block.label() + "-----";
            throw new MalformedSecretException(end, "it has no line " + line);
        }
        int length = Base64Text.check(text, block.body(), block.end(), false);
        if (length == 0) {
            throw new MalformedSecretException(block.body(), "it has nothing between its first and its last line");
        }
        return length;
    }

    /**
     * Decodes a checked block, from native memory to native memory.
     *
     * @param block a block of this text
     * @param target gets the bytes, beginning at index 0; may be the view of the text
     */
    public void decode(Block block, MutableView target) {
        Base64Text.decode(text, block.body(), block.end(), target::put);
    }

    /**
     * Decodes a block that is public, such as a certificate.
     *
     * @param block a block of this text
     * @return the bytes, on the heap
     * @throws MalformedSecretException as of {@link #length}
     */
    public byte[] publicBytes(Block block) {
        byte[] bytes = new byte[length(block)];
        Base64Text.decode(text, block.body(), block.end(), (index, value) -> bytes[index] = value);
        return bytes;
    }

    /**
     * Returns the headers of a block that say how it is encrypted, which is not secret. No other header is copied.
     *
     * @param block a block of this text
     * @return {@code Proc-Type: 4,ENCRYPTED} and a line {@code DEK-Info} with the cipher and the initialization vector,
     *     in upper case; empty if the block is not encrypted; without the second line if that is missing or contains
     *     anything else
     * @throws MalformedSecretException if there is another {@code Proc-Type}
     */
    public String headers(Block block) {
        return new PemHeaders(text, block.headers(), block.body()).ofEncryption();
    }
}
