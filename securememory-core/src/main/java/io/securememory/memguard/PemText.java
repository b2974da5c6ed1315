package io.securememory.memguard;

import static io.securememory.memguard.PemLines.ANY;
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
 * <p>Text is taken as other readers take it, in what RFC 7468 calls the lax form and beyond: there may be other text, also a
 * byte order mark, before, behind and between blocks; blanks, tabs and line breaks of any kind anywhere inside; lines of any
 * length; headers as of RFC 1421; any number of dashes; labels in lower case. Headers begin with the first line that is not
 * empty, and end with an empty line or with the first line that is none: a colon anywhere else is no Base64.
 *
 * <p><b>Guarantees.</b> Nothing of the text comes to the heap, except what {@link #headers} and {@link #publicBytes} are asked
 * for. Labels are compared where they are. Time depends on the layout of the text, not on what it stands for.
 *
 * <p><b>Threading.</b> Belongs to the thread of its view, and ends with it.
 *
 * <p>Source: RFC 7468, RFC 1421 section 4.4.
 */
public final class PemText {

    /** Labels of private keys. Of several keys in one text, that of the earliest label here is meant, as in Spring Boot. */
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
     * @param label that it was looked for by, or an empty text
     * @param begin of its first line
     * @param headers behind that line
     * @param body first byte behind its headers, if it has any
     * @param end of what is in it, where its last line begins; -1 if there is no such line
     */
    public record Block(String label, int begin, int headers, int body, int end) {}

    /**
     * Looks at a whole view.
     *
     * @param text the text
     * @return its blocks
     */
    public static PemText of(SecretView text) {
        return new PemText(text::get, 0, text.length());
    }

    /**
     * Looks at a part of a view. Offsets are those of the view.
     *
     * @param text the text
     * @param from first byte of the part
     * @param end the one after the last
     * @return its blocks
     */
    public static PemText of(SecretView text, int from, int end) {
        return new PemText(text::get, from, end);
    }

    /**
     * Looks at a buffer, from its start to its limit, for text that is too much for locked memory and may hold a key all the
     * same.
     *
     * @param text the text, in a direct buffer that the caller wipes
     * @return its blocks
     */
    public static PemText of(ByteBuffer text) {
        return new PemText(text::get, 0, text.limit());
    }

    /**
     * Tells whether there is any block, also one without an end.
     *
     * @return whether this is PEM text
     * @throws MalformedSecretException if it is text of any kind in UTF-16
     */
    public boolean isPem() {
        ByteOrderMark.refuseUtf16(text, from, end);
        return !blocks(ANY).isEmpty();
    }

    /**
     * Finds all blocks of a label, in the order of the text. A block that another one begins in has no end.
     *
     * @param label its words, with a blank between them; empty for all blocks
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
     * Finds the block that a text is about: the first private key if it has one, or else the first block.
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
        return blocks(ANY).stream()
                .findFirst()
                .orElseThrow(() -> new MalformedSecretException(end, "it has no line that begins with -----BEGIN"));
    }

    /**
     * Checks what is in a block.
     *
     * @param block one of this text
     * @return number of bytes that it stands for, at least 1
     * @throws MalformedSecretException if it is not Base64, or if there is nothing, or if it has no end
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
     * Decodes a block that was checked, from native memory to native memory.
     *
     * @param block one of this text
     * @param target gets the bytes, from its first one on; may be the view of the text
     */
    public void decode(Block block, MutableView target) {
        Base64Text.decode(text, block.body(), block.end(), target::put);
    }

    /**
     * Decodes a block of something public, such as a certificate.
     *
     * @param block one of this text
     * @return the bytes, on the heap
     * @throws MalformedSecretException as {@link #length}
     */
    public byte[] publicBytes(Block block) {
        byte[] bytes = new byte[length(block)];
        Base64Text.decode(text, block.body(), block.end(), (index, value) -> bytes[index] = value);
        return bytes;
    }

    /**
     * Returns those headers of a block that say how it is encrypted, which is not secret. Others are skipped where they are.
     *
     * @param block one of this text
     * @return {@code Proc-Type: 4,ENCRYPTED} and a line {@code DEK-Info} with cipher and start value, in upper case; empty if it
     *     is not encrypted; without the second line if that is missing, or holds anything else
     * @throws MalformedSecretException if there is another {@code Proc-Type}
     */
    public String headers(Block block) {
        return new PemHeaders(text, block.headers(), block.body()).ofEncryption();
    }
}
