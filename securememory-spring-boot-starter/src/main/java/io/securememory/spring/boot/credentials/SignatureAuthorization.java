package io.securememory.spring.boot.credentials;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import java.net.URI;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.springframework.http.HttpHeaders;

/** Proves that the sender has the secret, which stays in protected memory. */
final class SignatureAuthorization implements RequestAuthorization {

    private final HmacSha256 hmac;
    private final InstantSource clock;

    SignatureAuthorization(Secret key, InstantSource clock) {
        this.hmac = new HmacSha256(key);
        this.clock = clock;
    }

    @Override
    public boolean dependsOnBody() {
        return true;
    }

    @Override
    public void addTo(HttpHeaders headers, String method, URI uri, byte[] body) {
        String date = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        byte[] signature = hmac.sign(SignedRequest.canonical(method, SignedRequest.pathAndQuery(uri), date, body));
        headers.set(SignedRequestVerifier.DATE_HEADER, date);
        headers.set(
                HttpHeaders.AUTHORIZATION, SignedRequest.SCHEME + HexFormat.of().formatHex(signature));
    }
}
