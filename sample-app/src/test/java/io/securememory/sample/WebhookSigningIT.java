package io.securememory.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service's own requests, against the JDK's HMAC under the same key. */
@ExtendWith(SharedSample.class)
class WebhookSigningIT {

    private static final byte[] PAYLOAD = "{\"event\":\"order.paid\",\"id\":42}".getBytes(UTF_8);
    private static final int MAX_PAYLOAD = 1024 * 1024;

    private final SampleProcess sample;
    private final TestKey key;

    WebhookSigningIT(SampleProcess sample, TestKey key) {
        this.sample = sample;
        this.key = key;
    }

    @Test
    void signatureIsTheJdksUnderTheKeyWithoutItsLineBreak() {
        HttpResponse<String> response = sample.post("/sign", PAYLOAD);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo("{\"algorithm\":\"HmacSHA256\",\"signature\":\"" + key.sign(PAYLOAD) + "\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain; charset=UTF-16",
                "application/octet-stream"
            })
    void payloadIsSignedAsTheBytesThatWereSentWhateverTheirType(String contentType) {
        byte[] payload = "b=2&a=1+%20&a=%zz\r\n--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n"
                .getBytes(UTF_8);

        assertThat(signature(sample.post("/sign", payload, "Content-Type", contentType)))
                .isEqualTo(key.sign(payload));
    }

    @Test
    void emptyPayloadHasASignature() {
        assertThat(signature(sample.post("/sign", new byte[0]))).isEqualTo(key.sign(new byte[0]));
    }

    @Test
    void longestPayloadIsSigned() {
        byte[] payload = randomBytes(MAX_PAYLOAD);

        assertThat(signature(sample.post("/sign", payload))).isEqualTo(key.sign(payload));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sign", "/verify"})
    void longerPayloadIsRefused(String path) {
        byte[] payload = new byte[MAX_PAYLOAD + 1];

        assertTooLarge(sample.post(path, payload, "X-Signature", key.sign(payload)));
    }

    @Test
    void longerPayloadOfUnknownLengthIsRefused() {
        byte[] payload = new byte[MAX_PAYLOAD + 1];

        assertTooLarge(sample.send(sample.request("/sign")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(payload)))
                .build()));
    }

    private static void assertTooLarge(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.body()).contains("longer than the 1048576 bytes").contains("\"maxBytes\":1048576");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "sha256=%s"})
    void rightSignatureIsValid(String header) {
        assertThat(verdict(PAYLOAD, header.formatted(key.sign(PAYLOAD)))).isTrue();
        assertThat(verdict(PAYLOAD, header.formatted(key.sign(PAYLOAD).toUpperCase(Locale.ROOT))))
                .isTrue();
    }

    @Test
    void signatureIsNotValidForAPayloadWithOneBitChanged() {
        byte[] tampered = PAYLOAD.clone();
        tampered[tampered.length - 1] ^= 1;

        assertThat(verdict(tampered, key.sign(PAYLOAD))).isFalse();
    }

    @Test
    void signatureUnderAnotherKeyIsNotValid() {
        assertThat(verdict(PAYLOAD, TestKey.random().sign(PAYLOAD))).isFalse();
    }

    @Test
    void missingHeaderIsNamedWithItsForm() {
        assertBadHeader(sample.post("/verify", PAYLOAD), "is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "'', has 0 characters",
        "sha256=, has 0 characters",
        "sha1=a94a8fe5ccb19ba61c4c0873d391e987982fbbd3, has 45 characters",
        "zz00000000000000000000000000000000000000000000000000000000000000, not hexadecimal",
    })
    void malformedHeaderIsNamedWithItsForm(String header, String finding) {
        assertBadHeader(sample.post("/verify", PAYLOAD, "X-Signature", header), finding);
    }

    @Test
    void twoHeadersAreRefusedEvenIfOneIsRight() {
        String right = key.sign(PAYLOAD);

        assertBadHeader(sample.post("/verify", PAYLOAD, "X-Signature", right, "X-Signature", right), "characters");
    }

    private static void assertBadHeader(HttpResponse<String> response, String finding) {
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(JsonPath.<String>read(response.body(), "$.detail"))
                .startsWith("The header X-Signature ")
                .contains(finding)
                .endsWith("expected 64 hexadecimal digits, alone or after \"sha256=\".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/style.css", "/status.css", "/signatures.js", "/status.js", "/http.js", "/favicon.svg"})
    void webPageIsServedAndAsksForNothingElsewhere(String path) {
        HttpResponse<String> response = sample.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().replace("http://www.w3.org/2000/svg", "")).doesNotContain("http://", "https://");
    }

    private boolean verdict(byte[] payload, String header) {
        HttpResponse<String> response = sample.post("/verify", payload, "X-Signature", header);
        assertThat(response.statusCode()).isEqualTo(200);
        return JsonPath.read(response.body(), "$.valid");
    }

    private static String signature(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonPath.read(response.body(), "$.signature");
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(42).nextBytes(bytes);
        return bytes;
    }
}
