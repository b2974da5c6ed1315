package io.securememory.spring.boot.credentials;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.securememory.Secret;
import java.net.URI;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;

/** Sends the secret itself, as one String for each request. */
final class PasswordAuthorization implements RequestAuthorization {

    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    private final Supplier<String> header;

    private PasswordAuthorization(Supplier<String> header) {
        this.header = header;
    }

    /** Source: RFC 6750 section 2.1. */
    static PasswordAuthorization bearer(Secret token) {
        return new PasswordAuthorization(() -> token.withHeapBytes(PasswordAuthorization::bearer));
    }

    /** Source: RFC 7617, in UTF-8. */
    static PasswordAuthorization basic(String user, Secret password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("a name of a user with a colon cannot be sent by Basic authentication");
        }
        byte[] prefix = (user + ":").getBytes(UTF_8);
        return new PasswordAuthorization(() -> password.withHeapBytes(bytes -> basic(prefix, bytes)));
    }

    private static String bearer(byte[] token) {
        for (int i = 0; i < token.length; i++) {
            if (token[i] <= ' ' || token[i] > '~') { // Bytes are signed: those of other languages are negative.
                throw new IllegalStateException("the token has a byte at index " + i
                        + " that cannot be in a header: a line break in its file, for example");
            }
        }
        return header(BEARER, token);
    }

    private static String basic(byte[] prefix, byte[] password) {
        byte[] both = Arrays.copyOf(prefix, prefix.length + password.length);
        System.arraycopy(password, 0, both, prefix.length, password.length);
        byte[] encoded = Base64.getEncoder().encode(both);
        Arrays.fill(both, (byte) 0);
        try {
            return header(BASIC, encoded);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /** Makes one String, and not two by concatenation. */
    private static String header(String scheme, byte[] value) {
        byte[] whole = Arrays.copyOf(scheme.getBytes(ISO_8859_1), scheme.length() + value.length);
        System.arraycopy(value, 0, whole, scheme.length(), value.length);
        try {
            return new String(whole, ISO_8859_1);
        } finally {
            Arrays.fill(whole, (byte) 0);
        }
    }

    @Override
    public boolean dependsOnBody() {
        return false;
    }

    @Override
    public void addTo(HttpHeaders headers, String method, URI uri, byte[] body) {
        headers.set(HttpHeaders.AUTHORIZATION, header.get());
    }
}
