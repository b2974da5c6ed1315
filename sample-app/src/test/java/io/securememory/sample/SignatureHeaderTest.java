package io.securememory.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.testing.OnEverySystem;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.ErrorResponseException;

@OnEverySystem
class SignatureHeaderTest {

    private static final String DIGITS = "00ff10a5".repeat(8);
    private static final byte[] SIGNATURE = HexFormat.of().parseHex(DIGITS);

    @Test
    void digitsAreReadWithAndWithoutPrefixAndInBothCases() {
        assertThat(SignatureHeader.parse(DIGITS)).isEqualTo(SIGNATURE);
        assertThat(SignatureHeader.parse("sha256=" + DIGITS)).isEqualTo(SIGNATURE);
        assertThat(SignatureHeader.parse("00FF10A5".repeat(8))).isEqualTo(SIGNATURE);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "sha256=",
                "SHA256=00ff10a500ff10a500ff10a500ff10a500ff10a500ff10a500ff10a500ff10a5",
                "sha256=sha256=00ff10a500ff10a500ff10a500ff10a500ff10a500ff10a500ff10a500ff10a5",
                "00ff10a500ff10a500ff10a500ff10a500ff10a500ff10a500ff10a500ff10a",
                "00ff10a500ff10a500ff10a500ff10a500ff10a500ff10a500ff10a500ff10a50",
                "00ff10a500ff10a500ff10a500ff10a500ff10a500ff10a500ff10a500ff10ag",
                "\u0660\u0660ff10a500ff10a500ff10a500ff10a500ff10a500ff10a500ff10a500ff10a5"
            })
    void everythingElseIsRefusedWithTheHeadersNameAndTheExpectedForm(String value) {
        assertThatExceptionOfType(ErrorResponseException.class)
                .isThrownBy(() -> SignatureHeader.parse(value))
                .satisfies(e -> {
                    assertThat(e.getStatusCode().value()).isEqualTo(400);
                    assertThat(e.getBody().getDetail())
                            .startsWith("The header X-Signature ")
                            .contains("64 hexadecimal digits");
                    assertThat(e.getBody().getProperties()).containsEntry("header", "X-Signature");
                });
    }
}
