package io.securememory.spring.boot.sources;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What is asked of an HTTP server, without the token.
 *
 * @param uri absolute, of scheme http or https
 */
record HttpRequest(URI uri) {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    /** Tells whether it is protected by TLS. */
    boolean isSecure() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** Tells whether the server is on this machine, as far as the URL says it. */
    boolean isLoopback() {
        return LOOPBACK.matcher(uri.getHost().toLowerCase(Locale.ROOT)).matches();
    }

    /** Returns the server's name, or its address without brackets. */
    String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        return uri.getPort() >= 0 ? uri.getPort() : isSecure() ? 443 : 80;
    }

    /** Returns the lines before the token. The connection is used once, so that it keeps nothing. */
    byte[] head() {
        URI ascii = URI.create(uri.toASCIIString());
        String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        String query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
        String host = ascii.getHost() + (ascii.getPort() >= 0 ? ":" + ascii.getPort() : "");
        return ("GET " + path + query + " HTTP/1.1\r\nHost: " + host
                        + "\r\nAccept: */*\r\nUser-Agent: securememory\r\nConnection: close\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the URL for messages: a query may have something that is secret. */
    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }
}
