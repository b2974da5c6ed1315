package io.securememory.spring.boot.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/** What is signed of a request. {@link SignedRequestVerifier} documents it. */
final class SignedRequest {

    static final String SCHEME = "HMAC-SHA256 ";

    private SignedRequest() {}

    /** Returns the bytes that are signed. */
    static byte[] canonical(String method, String pathAndQuery, String date, byte[] body) {
        return (method + "\n" + pathAndQuery + "\n" + date + "\n" + sha256(body)).getBytes(UTF_8);
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** Returns a path and query as they are in the first line of the request. */
    static String pathAndQuery(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }
}
