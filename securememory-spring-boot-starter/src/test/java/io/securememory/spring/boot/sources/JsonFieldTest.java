package io.securememory.spring.boot.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.SecureMemory;
import io.securememory.memguard.LockedBuffer;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.testing.Effort;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Seed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Fields that are cut out of JSON in locked memory: what Jackson finds, too. */
@OnEverySystem
class JsonFieldTest {

    private static final SecureMemory SESSION = SecureMemory.create();

    private static final String MISSING = "missing";
    private static final String REFUSED = "refused";

    private static final JsonFactory JACKSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonScanner.MAX_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    @AfterAll
    static void end() {
        SESSION.close();
    }

    private static String cut(String field, byte[] json) {
        try (LockedBuffer text = SESSION.memGuard().moveFrom(json.clone());
                LockedBuffer cut = JsonField.of(field).orElseThrow().cut(SESSION.memGuard(), text, json.length)) {
            byte[] value = new byte[cut.size()];
            cut.withBytes(view -> {
                view.copyTo(0, value, 0, value.length);
                return value;
            });
            return "=" + new String(value, StandardCharsets.UTF_8);
        }
    }

    private static String cutOrNot(String field, byte[] json) {
        try {
            return cut(field, json);
        } catch (SourceException e) {
            assertThat(e.reason()).isIn(Reason.MISSING, Reason.MALFORMED, Reason.EMPTY);
            return e.reason() == Reason.MISSING ? MISSING : e.reason() == Reason.EMPTY ? "=" : REFUSED;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a       | {\"a\":\"x\"}                                  | =x",
                "a.b     | { \"b\" : \"no\", \"a\" : { \"b\" : \"x\" } }  | =x",
                "a.b     | {\"c\":{\"a\":{\"b\":\"no\"}},\"a\":{\"b\":\"x\"}} | =x",
                "a.b     | {\"a\":[{\"b\":\"no\"}]}                       | missing",
                "a.b     | {\"a\":\"b\"}                                  | missing",
                "a       | [\"a\"]                                        | missing",
                "a       | \"a\"                                          | missing",
                "a       | {}                                             | missing",
                "/a.b/c~1d/e~0f | {\"a.b\":{\"c/d\":{\"e~f\":\"x\"}}}     | =x",
                "ä       | {\"\\u00e4\":\"x\"}                            | =x",
                "a       | {\"a\":\"\\ud83d\\ude00\"}                     | =😀",
                "a       | {\"a\":\"\\ud83d\"}                            | refused",
                "a       | {\"a\":\"\\ude00\\ud83d\"}                     | refused",
                "a       | {\"a\":\"x\",\"b\":\"\\ud83d\"}                | refused",
                "a       | {\"a\":1}                                      | refused",
                "a       | {\"a\":null}                                   | refused",
                "a       | {\"a\":\"x\",\"\\u0061\":\"y\"}                | refused",
                "a.b     | {\"a\":{\"b\":\"x\"},\"a\":{}}                 | refused",
                "a       | {\"a\":\"x\"}}                                 | refused",
                "a       | {\"a\":\"x\"} 1                                | refused",
                "a       | {\"a\":\"x\",}                                 | refused",
                "a       | {\"a\":\"x\",\"b\":01}                         | refused",
                "a       | {\"a\":\"x\",\"b\":[1,]}                       | refused",
                "a       | {\"a\":\"x\",\"b\":tru}                        | refused",
                "a       | {\"a\":\"x\",\"b\":+1}                         | refused",
                "a       | {\"a\":\"x\",\"b\":1.}                         | refused",
                "a       | {\"a\":\"x\",\"b\":-0.5E+07}                   | =x",
                "a       | {'a':'x'}                                      | refused",
                "a       | {\"a\":\"x\"/**/}                              | refused",
                "a       | {\"a\":\"\\x\"}                                | refused",
                "a       | {\"a\":\"x                                     | refused",
                "a       | {\"a\":\"\"}                                   | =",
            })
    void valuesAreFoundByTheirPath(String field, String json, String expected) {
        assertThat(cutOrNot(field, bytes(json))).isEqualTo(expected);
        assertThat(byJackson(field, bytes(json))).as("Jackson").isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "/", "/a/", "//"})
    void aPathHasNoEmptyName(String path) {
        assertThat(JsonField.of(path)).isEmpty();
    }

    @Test
    void depthIsBounded() {
        String deep = "[".repeat(64) + "]".repeat(64);
        assertThat(cutOrNot("a", bytes(deep))).isEqualTo(MISSING);
        assertThat(cutOrNot("a", bytes("[" + deep + "]"))).isEqualTo(REFUSED);
        assertThat(cutOrNot("a", bytes("[".repeat(1_000_000)))).isEqualTo(REFUSED);
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        for (String hex :
                List.of("c080", "c1bf", "80", "e08080", "eda080", "f08080 80", "f4908080", "f5808080", "c3", "e282")) {
            byte[] bad = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
            ByteBuffer json =
                    ByteBuffer.allocate(100).put(bytes("{\"a\":\"x")).put(bad).put(bytes("\"}"));
            byte[] whole = java.util.Arrays.copyOf(json.array(), json.position());
            assertThat(cutOrNot("a", whole)).as(hex).isEqualTo(REFUSED);
        }
    }

    @Test
    void theRestOfTheBufferIsNotRead() {
        byte[] json = bytes("{\"a\":\"x\"}garbage");
        try (LockedBuffer text = SESSION.memGuard().moveFrom(json);
                LockedBuffer cut = JsonField.of("a").orElseThrow().cut(SESSION.memGuard(), text, 9)) {
            assertThat(cut.contentEquals(bytes("x"))).isTrue();
        }
    }

    @Test
    void failuresTellWhereAndNotWhat() {
        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> cut("a", bytes("{\"a\" \"content\"}")))
                .withMessage("the answer is not JSON: its byte 5 is not expected there.")
                .satisfies(e -> assertThat(e.remedy()).doesNotContain("content"));
    }

    @Test
    void jacksonFindsTheSameInAnyText() {
        Random random = Seed.random("JsonFieldTest");
        int refused = 0;
        int found = 0;
        for (int i = 0; i < Effort.of("tests.json-texts", 20_000, 500_000); i++) {
            StringBuilder text = new StringBuilder();
            value(text, random, 0);
            byte[] json = mutated(bytes(text.toString()), random);
            String expected = byJackson("a.b", json);
            assertThat(cutOrNot("a.b", json))
                    .as(() -> "of " + new String(json, StandardCharsets.ISO_8859_1))
                    .isEqualTo(expected);
            refused += expected.equals(REFUSED) ? 1 : 0;
            found += expected.startsWith("=") ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(1000);
        assertThat(found).isGreaterThan(1000);
    }

    private static void value(StringBuilder text, Random random, int depth) {
        switch (depth < 2 ? 0 : random.nextInt(depth > 5 ? 4 : 6)) {
            case 1 -> string(text, random);
            case 2 -> text.append(List.of("0", "-1", "12.5", "1e5", "-0E-3").get(random.nextInt(5)));
            case 3 -> text.append(List.of("true", "false", "null").get(random.nextInt(3)));
            case 4 -> {
                text.append('[');
                for (int i = random.nextInt(3); i >= 0; i--) {
                    value(text, random, depth + 2);
                    text.append(i == 0 ? "" : ",");
                }
                text.append(']');
            }
            default -> object(text, random, depth);
        }
    }

    private static void object(StringBuilder text, Random random, int depth) {
        text.append("{ ".substring(random.nextInt(2)).isBlank() ? "{" : "{ ");
        for (int i = random.nextInt(3); i >= 0; i--) {
            String name = depth == 0 ? "a" : depth == 1 ? "b" : "c";
            text.append(
                    random.nextInt(3) > 0
                            ? "\"" + name + "\""
                            : List.of("\"a\"", "\"b\"", "\"\\u0061\"", "\"\"").get(random.nextInt(4)));
            text.append(random.nextBoolean() ? ":" : " :\t");
            if (depth == 1 && random.nextInt(4) > 0) {
                string(text, random);
            } else {
                value(text, random, depth + 1);
            }
            text.append(i == 0 ? "" : ",\n");
        }
        text.append('}');
    }

    private static void string(StringBuilder text, Random random) {
        List<String> parts = List.of(
                "x",
                "ü",
                "€",
                "😀",
                "\\n",
                "\\\"",
                "\\\\",
                "\\/",
                "\\u0000",
                "\\u00e9",
                "\\uD83D\\uDE00",
                "\\ud83d",
                " ",
                "\u007f",
                "\u2028");
        text.append('"');
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(parts.get(random.nextInt(random.nextInt(8) == 0 ? parts.size() : 11)));
        }
        text.append('"');
    }

    /** Half of them are left as they are. In the others, a byte is taken away, put in or replaced. */
    private static byte[] mutated(byte[] json, Random random) {
        if (random.nextBoolean()) {
            return json;
        }
        List<Byte> bytes = new ArrayList<>();
        for (byte one : json) {
            bytes.add(one);
        }
        byte[] likely = bytes("{}[]\":,\\u0e.-x \n\t\u0001é");
        for (int i = random.nextInt(2); i >= 0; i--) {
            int at = random.nextInt(bytes.size());
            byte other = random.nextInt(4) == 0 ? (byte) random.nextInt(256) : likely[random.nextInt(likely.length)];
            switch (random.nextInt(3)) {
                case 0 -> {
                    if (bytes.size() > 1) {
                        bytes.remove(at);
                    }
                }
                case 1 -> bytes.add(at, other);
                default -> bytes.set(at, other);
            }
        }
        byte[] result = new byte[bytes.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = bytes.get(i);
        }
        return result;
    }

    /** What Jackson finds. It takes half a character of a pair, and the last of two values; here, both are refused. */
    private static String byJackson(String field, byte[] json) {
        List<String> path = JsonField.of(field).orElseThrow().path();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
            try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), text)) {
                if (parser.nextToken() == null) {
                    return REFUSED;
                }
                List<String> found = new ArrayList<>();
                walk(parser, path, 0, found);
                boolean refused = parser.nextToken() != null || found.size() > 1 || found.contains(REFUSED);
                return refused ? REFUSED : found.isEmpty() ? MISSING : found.get(0);
            }
        } catch (CharacterCodingException | JacksonException e) {
            return REFUSED;
        }
    }

    private static void walk(JsonParser parser, List<String> path, int matched, List<String> found) {
        JsonToken token = parser.currentToken();
        if (matched == path.size()) {
            found.add(token == JsonToken.VALUE_STRING ? "=" + parser.getString() : REFUSED);
        }
        if (token == JsonToken.VALUE_STRING) {
            requirePairs(parser.getString(), found);
        } else if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                walk(parser, path, -1, found);
            }
        } else if (token == JsonToken.START_OBJECT) {
            int seen = 0;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                requirePairs(name, found);
                boolean same = matched >= 0 && matched < path.size() && name.equals(path.get(matched));
                seen += same ? 1 : 0;
                parser.nextToken();
                walk(parser, path, same ? matched + 1 : -1, found);
            }
            if (seen > 1) {
                found.add(REFUSED);
            }
        }
    }

    private static void requirePairs(String text, List<String> found) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            found.add(REFUSED);
        }
    }
}
