package io.securememory.spring.boot.sources;

import io.securememory.Secret;
import io.securememory.memguard.LockedBuffer;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The answer of an HTTP server, or one field of it. The answer, the value of the field and the token are in locked memory.
 * With TLS, they are on the heap while the JDK encrypts or decrypts them.
 *
 * <p>No redirect is followed, no proxy used, and no connection kept.
 */
public final class HttpOrigin implements Origin {

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final String AUTHORIZATION = "authorization";

    private final HttpRequest request;
    private final @Nullable JsonField field;
    private final @Nullable String bundle;
    private final @Nullable String token;
    private final String tokenHeader;
    private final Duration timeout;
    private final int retries;

    private HttpOrigin(Builder builder, HttpRequest request, @Nullable JsonField field) {
        this.request = request;
        this.field = field;
        this.bundle = builder.bundle;
        this.token = builder.token;
        this.tokenHeader = builder.tokenHeader;
        this.timeout = builder.timeout;
        this.retries = builder.retries;
    }

    /** A setting cannot be used. Its message does not show it. */
    public static final class SettingException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String setting;

        SettingException(String setting, String problem) {
            super(problem);
            this.setting = setting;
        }

        /** Returns the last word of the property. */
        public String setting() {
            return setting;
        }

        /** Returns what is wrong, to follow the name of the property. */
        public String problem() {
            return String.valueOf(getMessage());
        }
    }

    private static final int LARGEST_PORT = 65_535;

    /** Settings that are checked together. */
    public static final class Builder {

        private @Nullable String bundle;
        private @Nullable String token;
        private String tokenHeader = "X-Vault-Token";
        private boolean allowPlainText;
        private Duration timeout = Duration.ofSeconds(10);
        private int retries;

        /**
         * Sets whom to trust.
         *
         * @param name of an SSL bundle, or null for what the JDK trusts
         */
        public Builder bundle(@Nullable String name) {
            this.bundle = name;
            return this;
        }

        /**
         * Sets what is sent to the server.
         *
         * @param secret name of the declared secret that is sent, or null for none
         * @param header the header to send it in; a token in {@code Authorization} has {@code Bearer} before it
         * @throws SettingException if this can be no header
         */
        public Builder token(@Nullable String secret, String header) {
            if (!HEADER.matcher(header).matches()) {
                throw new SettingException("token-header", "is not the name of a header");
            }
            this.token = secret;
            this.tokenHeader = header;
            return this;
        }

        /** Sets whether a server on another machine may be asked without TLS. */
        public Builder allowPlainText(boolean allowed) {
            this.allowPlainText = allowed;
            return this;
        }

        /**
         * Limits the attempts.
         *
         * @param longest longest time of a read, with all attempts
         * @param most most attempts after the first one
         */
        public Builder attempts(Duration longest, int most) {
            this.timeout = longest;
            this.retries = most;
            return this;
        }

        /**
         * Checks a URL, and creates an origin.
         *
         * @param url where the secret is
         * @param path path to a field of the JSON that is there, or null for all that is there
         * @throws SettingException if the URL cannot be used; the message does not show it
         */
        public HttpOrigin at(String url, @Nullable String path) {
            HttpRequest request = new HttpRequest(uri(url));
            if (!request.isSecure() && !request.isLoopback() && !allowPlainText) {
                throw new SettingException(
                        "url", "is a URL of http:, by which a secret would cross the network in plain text");
            }
            return new HttpOrigin(this, request, path == null ? null : field(path));
        }

        private static JsonField field(String path) {
            return JsonField.of(path)
                    .orElseThrow(() -> new SettingException("field", "is no path: one of its names is empty"));
        }

        @SuppressWarnings("PreserveStackTrace") // The message of the cause shows the URL.
        private static URI uri(String url) {
            URI uri;
            try {
                uri = new URI(url);
            } catch (URISyntaxException e) {
                throw new SettingException("url", "is not a valid URL");
            }
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
                throw new SettingException("url", "is not a URL of https: or http: with the name of a server");
            }
            if (uri.getPort() == 0 || uri.getPort() > LARGEST_PORT) {
                throw new SettingException("url", "has a port that is not from 1 to 65535");
            }
            if (uri.getRawUserInfo() != null) {
                throw new SettingException("url", "has a user or a password before the name of the server");
            }
            return uri;
        }
    }

    /** Returns the name of the declared secret that is sent as the token, or null if there is none. */
    public @Nullable String token() {
        return token;
    }

    @Override
    public LockedBuffer read(SourceAccess access, int maxLength) {
        Supplier<SSLEngine> tls = request.isSecure() ? access.tls(bundle, request.host(), request.port()) : null;
        Secret secret = token == null ? null : access.secret(token);
        return Backoff.attempt(retries, Deadline.after(timeout), deadline -> {
            try (LockedBuffer body = body(access, tls, secret, maxLength, deadline)) {
                return field == null
                        ? access.memGuard()
                                .allocate(
                                        body.size(),
                                        target -> body.withBytes(view -> {
                                            target.copyFrom(0, view, 0, view.length());
                                            return view.length();
                                        }))
                        : field.cut(access.memGuard(), body, body.size());
            }
        });
    }

    private LockedBuffer body(
            SourceAccess access,
            @Nullable Supplier<SSLEngine> tls,
            @Nullable Secret secret,
            int maxLength,
            Deadline deadline) {
        try (Connection connection = Connection.open(request.host(), request.port(), deadline);
                Wire wire = tls == null ? new Wire.Plain(connection) : TlsWire.open(connection, tls.get())) {
            HttpExchange exchange = new HttpExchange(access.memGuard(), wire);
            exchange.send(request, header(), secret);
            return exchange.body(maxLength);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private String header() {
        return tokenHeader + ": " + (tokenHeader.toLowerCase(Locale.ROOT).equals(AUTHORIZATION) ? "Bearer " : "");
    }

    /** Tells a failure by its class: its message may have what the server has sent. */
    private SourceException failure(IOException e) {
        if (e instanceof UnknownHostException) {
            return SourceException.passing(
                    Reason.UNREACHABLE,
                    "there is no address for " + request.host() + ".",
                    "Correct the URL, or the DNS.",
                    e);
        }
        if (e instanceof SocketTimeoutException) {
            return SourceException.passing(
                    Reason.UNREACHABLE,
                    "the server did not answer in time (" + timeout.toMillis() + "ms for all attempts).",
                    "See whether the server is up, and whether a firewall lets this process reach it.",
                    e);
        }
        if (e instanceof InterruptedIOException) {
            return SourceException.of(Reason.UNREACHABLE, "the thread was interrupted.", "Read it again.", e);
        }
        if (e instanceof SSLException) {
            return SourceException.of(
                    Reason.REFUSED,
                    "TLS failed (" + e.getClass().getSimpleName()
                            + "): most likely, the certificate of the server is not" + " trusted, or not that of "
                            + request.host() + ".",
                    "Set the bundle to an SSL bundle of spring.ssl.bundle whose trust store has the authority of the server.",
                    e);
        }
        return SourceException.passing(
                Reason.UNREACHABLE,
                "the server cannot be reached, or has ended the connection ("
                        + e.getClass().getSimpleName() + ").",
                "See whether the server is up, and whether the URL has its port.",
                e);
    }

    @Override
    public String toString() {
        return request + (field == null ? "" : ", field " + field.written());
    }
}
