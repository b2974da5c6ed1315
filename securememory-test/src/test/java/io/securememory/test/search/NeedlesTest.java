package io.securememory.test.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.test.Encoding;
import io.securememory.testing.Effort;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found of secrets in bytes, compared with what the JDK makes of the secrets. */
@OnEverySystem
class NeedlesTest {

    private static final int SIZE = 20_000;
    private static final int TIMES = Effort.of("needles.times", 3, 100);

    private static final long SEED = Seed.of("NeedlesTest");

    private static final byte NEIGHBOUR = (byte) 0xF1;

    private final Random random = new Random(SEED);

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Random bytes that are no text of UTF-8, and do not go on with the neighbour of a copy. */
    private byte[] secret(int length) {
        byte[] secret = random(length);
        for (int i = 0; i < length; i++) {
            secret[i] = secret[i] == NEIGHBOUR ? 0 : secret[i];
        }
        secret[0] = (byte) 0xF8;
        return secret;
    }

    /** Random bytes with a copy somewhere: each second time where two chunks meet. Neither neighbour goes on with it. */
    private byte[] around(byte[] copy, int at) {
        byte[] all = random(SIZE + copy.length);
        System.arraycopy(copy, 0, all, at, copy.length);
        all[at - 1] = NEIGHBOUR;
        all[at + copy.length] = NEIGHBOUR;
        return all;
    }

    private int position(int length) {
        int border = 4096 * (1 + random.nextInt(4));
        return random.nextBoolean() ? 1 + random.nextInt(SIZE - 2) : Math.max(1, border - random.nextInt(length + 1));
    }

    private void assertFound(String name, byte[] copy, byte[] secret) {
        int at = position(copy.length);
        List<Haystack.Hit> hits = new Haystack(around(copy, at), secret).search();

        assertThat(hits).as(name + " of " + secret.length + " bytes at " + at).hasSize(1);
        Haystack.Hit hit = hits.get(0);
        assertThat(hit.from()).as(name).isBetween(at - 1, at + copy.length - 1);
        assertThat(hit.to()).as(name).isBetween(hit.from() + 1, at + copy.length + 1);
        assertThat(hit.needle().encoding()).as(name).matches(encoding -> isSame(encoding, Forms.encoding(name)));
        assertThat(hit.needle().wide()).as(name).isEqualTo(name.contains("endian"));
    }

    /** Without the two digits that differ, both are the same. */
    private static boolean isSame(Encoding found, Encoding expected) {
        return found == expected || (found == Encoding.BASE64 && expected == Encoding.BASE64_URL);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 31, 32, 33, 100, 512, 1024})
    void wholeSecretsAreFoundInEachForm(int length) {
        for (int i = 0; i < TIMES; i++) {
            byte[] secret = secret(length);
            Forms.of(secret, random).forEach((name, copy) -> {
                if (length > 4 || !name.startsWith("BASE64")) {
                    assertFound(name, copy, secret);
                }
            });
            assertFound("NUMBER", Forms.words(secret), secret);
            assertFound("NUMBER", Forms.reversed(secret), secret);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 40, 100, 600, 1024})
    void sixteenBytesInARowAreEnoughInEachForm(int length) {
        for (int i = 0; i < TIMES; i++) {
            byte[] secret = secret(length);
            int from = random.nextInt(length - 15);
            Forms.of(Arrays.copyOfRange(secret, from, from + 16), random)
                    .forEach((name, copy) -> assertFound(name, copy, secret));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 40, 100, 1024})
    void fifteenBytesAreNotEnough(int length) {
        for (int i = 0; i < TIMES; i++) {
            byte[] secret = secret(length);
            int from = random.nextInt(length - 14);
            Forms.of(Arrays.copyOfRange(secret, from, from + 15), random).forEach((name, copy) -> {
                // Of Base64 the first characters may tell a part of a sixteenth byte by chance.
                if (!name.startsWith("BASE64")) {
                    byte[] all = around(copy, position(copy.length));
                    assertThat(new Haystack(all, secret).search()).as(name).isEmpty();
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1025, 5000, 100_000})
    void ofLongSecretsTheBeginningAndTheEndAreFound(int length) {
        byte[] secret = secret(length);
        for (int from : new int[] {0, 496, length - 512, length - 16}) {
            Forms.of(Arrays.copyOfRange(secret, from, from + 16), random)
                    .forEach((name, copy) -> assertFound(name, copy, secret));
        }
        byte[] middle = Arrays.copyOfRange(secret, 512, length - 512);
        assertThat(new Haystack(around(middle, 100), secret).search()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Grüße, Jürgen", "пароль", "pässwörd of sixteen and more", "密码密碼パスワード", "key 🔑🔐 in it"})
    void textsThatAreNoAsciiAreFoundAsCharacters(String text) {
        byte[] secret = text.getBytes(UTF_8);
        Forms.ofText(text).forEach((name, copy) -> assertFound(name, copy, secret));
        Forms.of(secret, random).forEach((name, copy) -> {
            if (!name.startsWith("UTF_16")) {
                assertFound(name, copy, secret);
            }
        });
    }

    @Test
    void leadingZerosDoNotHideANumber() {
        byte[] secret = {0, 0, 0, 0, 0, 7, 35, 99, 14, 120, 1};

        assertFound("NUMBER", Forms.words(secret), secret);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aabb", "abab", "aaaaaaaa", "1122112211221122"})
    void secretsThatRepeatTwoBytesCannotBeToldApart(String text) {
        assertThat(new Haystack(new byte[0], text.getBytes(UTF_8)).canFindAll()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aaab1",
                "112233",
                "11221122113",
                "aaaaaaaaaaaaaabbbbbbbbbbbbbbcccccccccccccccc",
                "passssssssssssssssword"
            })
    void secretsThatRepeatMoreAreFoundWhereverTheyBegin(String text) {
        byte[] secret = text.getBytes(UTF_8);
        assertThat(new Haystack(new byte[0], secret).canFindAll()).isTrue();

        for (int shift = 0; shift < 8; shift++) {
            assertThat(new Haystack(around(secret, 4090 + shift), secret).search())
                    .hasSize(1);
        }
    }

    @Test
    void allSecretsAreFoundInOnePass() {
        byte[][] secrets = {random(5), random(16), random(48), random(3000)};
        byte[] all = random(SIZE);
        for (int i = 0; i < secrets.length; i++) {
            System.arraycopy(secrets[i], 0, all, 1000 + i * 4000, Math.min(500, secrets[i].length));
        }

        assertThat(new Haystack(all, secrets).search())
                .extracting(hit -> hit.needle().owner())
                .containsExactly(0, 1, 2, 3);
    }

    @Test
    void copiesSideBySideAreCounted() {
        byte[] secret = secret(24);
        byte[] all = new byte[24 * 1000];
        for (int i = 0; i < 1000; i++) {
            System.arraycopy(secret, 0, all, i * 24, 24);
        }

        assertThat(new Haystack(all, secret).search()).hasSize(1000);
    }

    @Test
    void nothingIsFoundInRandomBytes() {
        byte[] all = random(Effort.of("needles.random", 4_000_000, 200_000_000));

        assertThat(new Haystack(all, random(8), random(16), random(2000)).search())
                .isEmpty();
        assertThat(new Haystack(new byte[0], random(16)).search()).isEmpty();
        assertThat(new Haystack(new byte[1], random(16)).search()).isEmpty();
    }

    @Test
    void wholeNamesInClassFilesAreRecognizedAlsoWhereChunksMeet() {
        byte[] secret = "a-text-of-a-class-that-is-no-secret".getBytes(UTF_8);
        for (int at = 4096 - secret.length; at <= 4096; at++) {
            byte[] all = around(secret, at);
            all[at - 3] = 1;
            all[at - 2] = 0;
            all[at - 1] = (byte) secret.length;

            assertThat(new Haystack(all, secret).search()).singleElement().matches(Haystack.Hit::isName, "at " + at);
        }
    }

    /** Returns characters of two bytes each. */
    private byte[] text(int characters, int first) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.append((char) (first + random.nextInt(32)));
        }
        return text.toString().getBytes(UTF_8);
    }

    @Test
    void allFormsHaveRoom() {
        for (int length : new int[] {4, 5, 16, 100, 1023, 1024, 1025}) {
            for (Map.Entry<String, byte[]> kind : Map.of(
                            "bytes", random(length),
                            "text", text(length / 2, 0xC0),
                            "wide", text(length / 2, 0x430))
                    .entrySet()) {
                assertThat(new Haystack(new byte[100], kind.getValue()).search())
                        .as(kind.getKey())
                        .isEmpty();
            }
        }
    }
}
