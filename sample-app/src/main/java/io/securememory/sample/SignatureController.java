package io.securememory.sample;

import io.securememory.HmacSha256;
import io.securememory.SecretClosedException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Signs payloads, and verifies their signatures in constant time. */
@RestController
class SignatureController {

    private final HmacSha256 signer;
    private final PayloadReader payloads;

    SignatureController(HmacSha256 webhookSigner, PayloadReader payloads) {
        this.signer = webhookSigner;
        this.payloads = payloads;
    }

    @PostMapping("/sign")
    Signature sign(HttpServletRequest request) throws IOException {
        byte[] signature = signer.sign(payloads.read(request));
        return new Signature("HmacSHA256", HexFormat.of().formatHex(signature));
    }

    @PostMapping("/verify")
    Verdict verify(
            @RequestHeader(name = SignatureHeader.NAME, required = false) @Nullable String header,
            HttpServletRequest request)
            throws IOException {
        byte[] signature = SignatureHeader.parse(header);
        return new Verdict(signer.verify(payloads.read(request), signature));
    }

    /** Answers requests after a purge: the service runs, but has no key until it is restarted. */
    @ExceptionHandler
    ProblemDetail keyIsGone(SecretClosedException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "The signing key was wiped from memory; the service needs a restart.");
    }

    /**
     * Answer to a request for a signature.
     *
     * @param algorithm JCA name of the algorithm
     * @param signature hexadecimal digits in lower case
     */
    record Signature(String algorithm, String signature) {}

    /**
     * Answer to a request for a verification.
     *
     * @param valid whether the signature matches the payload
     */
    record Verdict(boolean valid) {}
}
