package io.securememory.sample;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The forms in which a key can be left in memory: as bytes, as the characters of a Java array, and as a block of HMAC, which
 * is the key, or the hash of a long key, under one of two masks. Every part of {@link TestKey#PART} bytes counts.
 */
final class KeyTraces {

    private static final int[] MASKS = {0, 0x36, 0x5c};

    private final Map<String, byte[]> patterns = new LinkedHashMap<>();

    private KeyTraces() {}

    /** Makes the patterns to search for, by descriptions of the form and the place in the key. */
    static Map<String, byte[]> of(TestKey key) {
        KeyTraces traces = new KeyTraces();
        traces.addCharacters(key.text());
        traces.addBytes("bytes", key.bytes());
        if (key.isHashed()) {
            traces.addBytes("hash", key.hash());
        }
        return traces.patterns;
    }

    /** Makes the patterns of a key that is no text, and of the ways in which JSON, a log or a property can show it. */
    static Map<String, byte[]> of(byte[] key) {
        KeyTraces traces = new KeyTraces();
        traces.addBytes("bytes", key);
        traces.addText("hexadecimal digits", HexFormat.of().formatHex(key));
        traces.addText(
                "capital hexadecimal digits", HexFormat.of().withUpperCase().formatHex(key));
        traces.addText("base64", Base64.getEncoder().withoutPadding().encodeToString(key));
        traces.addText("base64 of URLs", Base64.getUrlEncoder().withoutPadding().encodeToString(key));
        traces.addText("numbers", Arrays.toString(key).replaceAll("[^0-9,-]", ""));
        traces.addText("numbers with spaces", Arrays.toString(key).replaceAll("[\\[\\]]", ""));
        traces.patterns.put("characters in UTF-8", new String(key, ISO_8859_1).getBytes(UTF_8));
        return traces.patterns;
    }

    private void addText(String form, String text) {
        patterns.put(form, text.getBytes(US_ASCII));
        patterns.put(form + ", big-endian", text.getBytes(UTF_16BE));
        patterns.put(form + ", little-endian", text.getBytes(UTF_16LE));
    }

    private void addCharacters(String key) {
        for (int start = 0; start + TestKey.PART <= key.length(); start++) {
            String part = key.substring(start, start + TestKey.PART);
            patterns.put("characters, big-endian, from " + start, part.getBytes(UTF_16BE));
            patterns.put("characters, little-endian, from " + start, part.getBytes(UTF_16LE));
        }
    }

    private void addBytes(String what, byte[] key) {
        for (int mask : MASKS) {
            String form = mask == 0 ? what : what + " under mask " + Integer.toHexString(mask);
            for (int start = 0; start + TestKey.PART <= key.length; start++) {
                addPart(form + " from " + start, key, start, mask);
            }
        }
    }

    private void addPart(String name, byte[] key, int start, int mask) {
        byte[] part = new byte[TestKey.PART];
        byte[] words = new byte[TestKey.PART];
        for (int i = 0; i < part.length; i++) {
            part[i] = (byte) (key[start + i] ^ mask);
            words[i / 4 * 4 + 3 - i % 4] = part[i];
        }
        patterns.put(name, part);
        if (start % 4 == 0) {
            patterns.put("little-endian words of " + name, words);
        }
    }
}
