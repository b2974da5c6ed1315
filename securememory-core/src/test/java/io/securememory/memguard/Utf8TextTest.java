package io.securememory.memguard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.SecureMemory;
import io.securememory.testing.Seed;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is taken for text, and what for binary content. */
class Utf8TextTest {

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void textIsToldFromBinaryContent() {
        for (String text : List.of(
                "a", "p\u00e4ss \u20ac \ud83d\udd11\t\r\n", "\ufeffx", "\u07ff\u0800\uffff\ud800\udc00\udbff\udfff")) {
            assertThat(isText(text.getBytes(UTF_8))).as(text).isTrue();
        }
        for (String binary : List.of(
                "00",
                "1b",
                "7f",
                "80",
                "bf",
                "c0af",
                "c19f",
                "c280",
                "c29f",
                "c3",
                "c328",
                "e08080",
                "e09fbf",
                "eda080",
                "e282",
                "e28228",
                "f0808080",
                "f08fbfbf",
                "f4908080",
                "f5808080",
                "f0908028",
                "ff",
                "fe",
                "41ff")) {
            assertThat(isText(HexFormat.of().parseHex(binary))).as(binary).isFalse();
        }
        Random random = Seed.random("TextDecoderTest.text");
        byte[] bytes = new byte[16];
        for (int i = 0; i < 1000; i++) {
            random.nextBytes(bytes);
            assertThat(isText(bytes)).isFalse();
        }
    }

    private boolean isText(byte[] bytes) {
        try (LockedBuffer source = session.memGuard().moveFrom(bytes.clone())) {
            return source.withBytes(view -> TextDecoder.isText(view, view.length()));
        }
    }
}
