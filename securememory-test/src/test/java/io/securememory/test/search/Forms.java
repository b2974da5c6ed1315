package io.securememory.test.search;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.securememory.test.Encoding;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** What bytes become, by means of the JDK alone. */
final class Forms {

    private Forms() {}

    /** Returns the forms of some bytes by name. The first word of each name is that of its encoding. */
    static Map<String, byte[]> of(byte[] bytes, Random random) {
        Map<String, byte[]> forms = new LinkedHashMap<>();
        forms.put("BYTES", bytes);
        String text = new String(bytes, ISO_8859_1);
        forms.put("UTF_16 little-endian", text.getBytes(UTF_16LE));
        forms.put("UTF_16 big-endian", text.getBytes(UTF_16BE));
        HexFormat lower = HexFormat.of();
        addText(forms, "HEX lower", lower.formatHex(bytes));
        addText(forms, "HEX upper", lower.withUpperCase().formatHex(bytes));
        for (int before = 0; before < 3; before++) {
            byte[] whole = new byte[before + bytes.length + random.nextInt(3)];
            random.nextBytes(whole);
            System.arraycopy(bytes, 0, whole, before, bytes.length);
            addText(forms, "BASE64 after " + before, Base64.getEncoder().encodeToString(whole));
            addText(forms, "BASE64_URL after " + before, Base64.getUrlEncoder().encodeToString(whole));
        }
        return forms;
    }

    private static void addText(Map<String, byte[]> forms, String name, String text) {
        forms.put(name, text.getBytes(ISO_8859_1));
        forms.put(name + " little-endian", text.getBytes(UTF_16LE));
        forms.put(name + " big-endian", text.getBytes(UTF_16BE));
    }

    /** Returns the words of a number, as a {@code BigInteger} has them in the memory of this machine. */
    static byte[] words(byte[] bytes) {
        byte[] number = new BigInteger(1, bytes).toByteArray();
        byte[] magnitude = number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
        int size = (magnitude.length + 3) & -4;
        ByteBuffer padded = ByteBuffer.allocate(size)
                .position(size - magnitude.length)
                .put(magnitude)
                .flip();
        ByteBuffer words = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (padded.hasRemaining()) {
            words.putInt(padded.getInt());
        }
        return words.array();
    }

    /** Returns the bytes from the last one to the first. */
    static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    /** Returns the forms of a text that is not ASCII. */
    static Map<String, byte[]> ofText(String text) {
        Map<String, byte[]> forms = new LinkedHashMap<>();
        forms.put("BYTES", text.getBytes(UTF_8));
        forms.put("UTF_16 little-endian", text.getBytes(UTF_16LE));
        forms.put("UTF_16 big-endian", text.getBytes(UTF_16BE));
        if (text.chars().allMatch(character -> character < 256)) {
            forms.put("LATIN_1", text.getBytes(ISO_8859_1));
        }
        return forms;
    }

    static Encoding encoding(String name) {
        return Encoding.valueOf(name.split(" ", 2)[0]);
    }
}
