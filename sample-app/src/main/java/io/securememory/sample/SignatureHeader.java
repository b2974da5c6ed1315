package io.securememory.sample;

import io.securememory.HmacSha256;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** The request header that carries a signature to verify. */
final class SignatureHeader {

    static final String NAME = "X-Signature";

    private static final String PREFIX = "sha256=";
    private static final int DIGITS = 2 * HmacSha256.LENGTH;
    private static final String EXPECTED = DIGITS + " hexadecimal digits, alone or after \"" + PREFIX + "\"";

    private SignatureHeader() {}

    /**
     * Reads the header's value.
     *
     * @param value the value, or null if there is no such header
     * @return {@link HmacSha256#LENGTH} bytes
     * @throws ErrorResponseException with status 400 if the header is missing or holds no signature
     */
    static byte[] parse(@Nullable String value) {
        if (value == null) {
            throw malformed("is missing");
        }
        String digits = value.startsWith(PREFIX) ? value.substring(PREFIX.length()) : value;
        if (digits.length() != DIGITS) {
            throw malformed("has " + digits.length() + " characters of signature");
        }
        if (!digits.chars().allMatch(HexFormat::isHexDigit)) {
            throw malformed("has characters that are not hexadecimal digits");
        }
        return HexFormat.of().parseHex(digits);
    }

    private static ErrorResponseException malformed(String finding) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, "The header " + NAME + " " + finding + "; expected " + EXPECTED + ".");
        problem.setProperty("header", NAME);
        problem.setProperty("expected", EXPECTED);
        return new ErrorResponseException(HttpStatus.BAD_REQUEST, problem, null);
    }
}
