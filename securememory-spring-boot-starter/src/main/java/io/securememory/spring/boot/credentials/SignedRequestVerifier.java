package io.securememory.spring.boot.credentials;

import io.securememory.HmacSha256;
import io.securememory.spring.boot.SecretStore;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Verifies requests that were signed by {@link AuthorizedRequests#signed}.
 *
 * <p>The header {@code Signature-Date} has the time, as in {@code 2026-11-28T07:30:00Z}. The header {@code Authorization} has
 * the word {@code HMAC-SHA256}, a space, and 64 hexadecimal digits: the HMAC with SHA-256 of four lines in UTF-8, with a line
 * feed between them and none at the end:
 *
 * <pre>
 * the method, such as POST
 * the path and the query as they are in the first line of the request, such as /orders/7?detail=full
 * the value of the header Signature-Date
 * the SHA-256 of the body in 64 lower-case hexadecimal digits, also if the body is empty
 * </pre>
 *
 * <p><b>Guarantees.</b> The key never comes to the heap. The time that a signature takes does not depend on how much of it is
 * right. Whatever cannot be read is refused.
 *
 * <p><b>Limits.</b> Other headers and the name of the host are not signed. Within the longest age, a request can be sent
 * again by who has seen it: use TLS, and give requests that must not be repeated a number of their own in the body.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class SignedRequestVerifier {

    /** Name of the header with the time. */
    public static final String DATE_HEADER = "Signature-Date";

    private static final int DIGITS = 2 * HmacSha256.LENGTH;

    private final SecretStore secrets;
    private final String key;
    private final Duration longestAge;
    private final InstantSource clock;

    /**
     * Makes a verifier that accepts the current version of a secret, and previous ones for their {@code grace-period}.
     *
     * @param secrets has the key
     * @param key name of the secret
     * @param longestAge how old a request may be, and how far ahead the clock of its sender
     * @throws IllegalArgumentException if the age is not positive
     */
    public SignedRequestVerifier(SecretStore secrets, String key, Duration longestAge) {
        this(secrets, key, longestAge, InstantSource.system());
    }

    SignedRequestVerifier(SecretStore secrets, String key, Duration longestAge, InstantSource clock) {
        if (longestAge.isNegative() || longestAge.isZero()) {
            throw new IllegalArgumentException("the longest age has to be positive");
        }
        this.secrets = Objects.requireNonNull(secrets, "secrets");
        this.key = Objects.requireNonNull(key, "key");
        this.longestAge = longestAge;
        this.clock = clock;
    }

    /**
     * Verifies a request.
     *
     * @param method the method
     * @param pathAndQuery from the first line of the request, not decoded
     * @param date the header {@code Signature-Date}, or null if there is none
     * @param authorization the header {@code Authorization}, or null if there is none
     * @param body the whole body
     * @return true if one of the accepted versions has signed it, and it is neither too old nor from the future
     * @throws java.util.NoSuchElementException if the secret is not loaded
     * @throws io.securememory.SecretClosedException if the secret is closed
     */
    public boolean verify(
            String method, String pathAndQuery, @Nullable String date, @Nullable String authorization, byte[] body) {
        if (date == null || authorization == null || !isRecent(date)) {
            return false;
        }
        byte[] signature = signatureOf(authorization);
        if (signature == null) {
            return false;
        }
        byte[] message = SignedRequest.canonical(method, pathAndQuery, date, body);
        return secrets.verify(key, version -> new HmacSha256(version).verify(message, signature));
    }

    private boolean isRecent(String date) {
        try {
            Duration age =
                    Duration.between(Instant.parse(date), clock.instant()).abs();
            return age.compareTo(longestAge) <= 0;
        } catch (DateTimeException | ArithmeticException e) {
            return false;
        }
    }

    private static byte @Nullable [] signatureOf(String authorization) {
        String digits = authorization.startsWith(SignedRequest.SCHEME)
                ? authorization.substring(SignedRequest.SCHEME.length())
                : "";
        boolean isOne = digits.length() == DIGITS && digits.chars().allMatch(HexFormat::isHexDigit);
        return isOne ? HexFormat.of().parseHex(digits) : null;
    }
}
