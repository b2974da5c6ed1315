package io.securememory.spring.boot.properties;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Finds the names of the properties that a file of configuration metadata describes.
 *
 * <p>It parses the JSON itself. Which parser Spring Boot finds depends on the application, and the one that it falls back to
 * leaves some names out. From a damaged file, it takes what it can find.
 */
final class MetadataNames {

    private static final String SECTION = "properties";
    private static final String NAME = "name";
    private static final int HEX_DIGITS = 4;

    private final String json;
    private final List<String> names = new ArrayList<>();
    private int position;
    private int depth;

    /** The key of the outermost object whose value is being read. */
    private String section = "";

    /** The last text, which is a key if a colon follows. */
    private String last = "";

    /** The key whose value comes next, or an empty text. */
    private String key = "";

    private MetadataNames(String json) {
        this.json = json;
    }

    /** Returns the names of properties in the order of the file, without the names of groups and hints. */
    static List<String> in(String json) {
        MetadataNames metadata = new MetadataNames(json);
        metadata.read();
        return metadata.names;
    }

    private void read() {
        while (position < json.length()) {
            switch (json.charAt(position++)) {
                case '"' -> readText();
                case ':' -> readColon();
                case '{', '[' -> enter(1);
                case '}', ']' -> enter(-1);
                default -> {}
            }
        }
    }

    private void enter(int levels) {
        depth += levels;
        key = "";
    }

    private void readColon() {
        key = last;
        if (depth == 1) {
            section = last;
        }
    }

    private void readText() {
        StringBuilder text = new StringBuilder();
        while (position < json.length()) {
            char c = json.charAt(position++);
            if (c == '"') {
                take(text.toString());
                return;
            }
            text.append(c == '\\' && position < json.length() ? escaped(json.charAt(position++)) : c);
        }
    }

    private void take(String text) {
        if (key.equals(NAME) && section.equals(SECTION)) {
            names.add(text);
        }
        key = "";
        last = text;
    }

    private char escaped(char c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> isHex() ? hex() : c;
            default -> c;
        };
    }

    private boolean isHex() {
        int end = position + HEX_DIGITS;
        return end <= json.length() && json.substring(position, end).chars().allMatch(HexFormat::isHexDigit);
    }

    private char hex() {
        int begin = position;
        position += HEX_DIGITS;
        return (char) HexFormat.fromHexDigits(json, begin, position);
    }
}
