package io.securememory.test.search;

import java.util.ArrayList;
import java.util.List;

/**
 * What of a secret is looked for. Of a private key in PEM or DER these are its secret numbers: what all keys have in
 * common, and what is public of a key, is in many places. Of anything else it is the whole.
 */
final class KeyParts {

    private static final byte[] BEGIN = ascii("-----BEGIN ");
    private static final byte[] END = ascii("-----END ");
    private static final byte[] DASHES = ascii("-----");
    private static final List<byte[]> PUBLIC = List.of(ascii("CERTIFICATE"), ascii("PUBLIC"), ascii("PARAMETERS"));

    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int SEQUENCE = 0x30;

    /** Modulus and public exponent of an RSA key are the second and third of its numbers. */
    private static final int NUMBERS_OF_RSA = 9;

    private static final int PUBLIC_NUMBERS_OF_RSA = 3;

    private static final int LONG_FORM = 0x80;
    private static final int LENGTH_BYTES = 3;
    private static final int BYTE = 0xff;

    private final List<Octets> parts = new ArrayList<>();

    private KeyParts() {}

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    static List<Octets> of(Octets secret) {
        KeyParts found = new KeyParts();
        int begin = find(secret, 0, BEGIN);
        if (begin >= 0) {
            found.addSections(secret, begin);
        } else {
            found.addValues(secret);
        }
        return found.parts.isEmpty() ? List.of(secret) : found.parts;
    }

    private void addSections(Octets text, int first) {
        for (int begin = first; begin >= 0; ) {
            int label = begin + BEGIN.length;
            int body = find(text, label, DASHES);
            int end = body < 0 ? -1 : find(text, body + DASHES.length, END);
            if (end < 0) {
                return;
            }
            Octets name = text.slice(label, body - label);
            if (PUBLIC.stream().noneMatch(word -> find(name, 0, word) >= 0)) {
                Octets decoded = new Base64Octets(text, body + DASHES.length, end);
                int before = parts.size();
                addValues(decoded);
                if (parts.size() == before && decoded.length() >= Needles.RUN) {
                    parts.add(decoded);
                }
            }
            begin = find(text, end, BEGIN);
        }
    }

    private static int find(Octets text, int from, byte[] word) {
        for (int at = from; at + word.length <= text.length(); at++) {
            int same = 0;
            while (same < word.length && text.get(at + same) == word[same]) {
                same++;
            }
            if (same == word.length) {
                return at;
            }
        }
        return -1;
    }

    /** Adds the numbers in a value of DER, if it is a sequence or octets of such. Tells whether it is. */
    private boolean addValues(Octets der) {
        List<Value> outer = values(der);
        if (outer.size() != 1 || (outer.get(0).tag != SEQUENCE && outer.get(0).tag != OCTETS)) {
            return false;
        }
        Value whole = outer.get(0);
        if (whole.tag == OCTETS) {
            addOctets(whole.content);
            return true;
        }
        List<Value> values = values(whole.content);
        boolean isRsa = values.size() >= NUMBERS_OF_RSA
                && values.stream().limit(NUMBERS_OF_RSA).allMatch(Value::isNumber);
        for (Value value : values.subList(isRsa ? PUBLIC_NUMBERS_OF_RSA : 0, values.size())) {
            if (value.tag == INTEGER) {
                add(value.content);
            } else if (value.tag == OCTETS) {
                addOctets(value.content);
            }
        }
        return !values.isEmpty();
    }

    private void addOctets(Octets content) {
        if (!addValues(content)) {
            add(content);
        }
    }

    private void add(Octets content) {
        int zeros = content.length() > 0 && content.get(0) == 0 ? 1 : 0;
        if (content.length() - zeros >= Needles.RUN) {
            parts.add(content.slice(zeros, content.length() - zeros));
        }
    }

    /** A value of DER. */
    private record Value(int tag, Octets content) {
        boolean isNumber() {
            return tag == INTEGER;
        }
    }

    /** Returns the values that fill some bytes, or none if they are anything else. Source: X.690. */
    private static List<Value> values(Octets der) {
        List<Value> values = new ArrayList<>();
        for (int at = 0; at < der.length(); ) {
            if (at + 2 > der.length()) {
                return List.of();
            }
            int tag = der.get(at) & BYTE;
            int length = der.get(at + 1) & BYTE;
            at += 2;
            if (length >= LONG_FORM) {
                int count = length - LONG_FORM;
                if (count == 0 || count > LENGTH_BYTES || at + count > der.length()) {
                    return List.of();
                }
                length = 0;
                for (int i = 0; i < count; i++) {
                    length = (length << Byte.SIZE) | (der.get(at++) & BYTE);
                }
            }
            if (length > der.length() - at) {
                return List.of();
            }
            values.add(new Value(tag, der.slice(at, length)));
            at += length;
        }
        return values;
    }

    /** The bytes of a text of Base64. Only where its characters are is remembered. */
    private static final class Base64Octets implements Octets {

        private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        private static final int SIX = 6;

        private final Octets text;
        private final int[] positions;

        Base64Octets(Octets text, int from, int to) {
            this.text = text;
            int begin = afterHeaders(text, from, to);
            this.positions = java.util.stream.IntStream.range(begin, to)
                    .filter(i -> DIGITS.indexOf(text.get(i)) >= 0)
                    .toArray();
        }

        /** Lines with a colon tell how an old key is encrypted. */
        private static int afterHeaders(Octets text, int from, int to) {
            int begin = from;
            for (int i = from; i < to; i++) {
                if (text.get(i) == ':') {
                    while (i < to && text.get(i) != '\n') {
                        i++;
                    }
                    begin = i;
                }
            }
            return begin;
        }

        @Override
        public int length() {
            return positions.length * SIX / Byte.SIZE;
        }

        @Override
        public byte get(int index) {
            int bit = index * Byte.SIZE;
            int first = DIGITS.indexOf(text.get(positions[bit / SIX]));
            int second = DIGITS.indexOf(text.get(positions[bit / SIX + 1]));
            return (byte) (((first << SIX) | second) >> (SIX - 2 - bit % SIX));
        }
    }
}
