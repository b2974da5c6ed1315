package io.securememory.spring.boot.credentials;

import java.net.URI;
import java.util.Locale;

/** Where a secret may be sent: RFC 6454, with the port always there. */
record Origin(String scheme, String host, int port) {

    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    /**
     * Reads an origin.
     *
     * @throws IllegalArgumentException if there is no host, or another scheme than http or https
     */
    static Origin of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw new IllegalArgumentException("not the address of a server: it has to begin with https:// and a host");
        }
        int usual = scheme.equals("https") ? HTTPS : HTTP;
        return new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), uri.getPort() < 0 ? usual : uri.getPort());
    }

    boolean isEncrypted() {
        return scheme.equals("https");
    }

    /** Without the name and password that a URI may have. */
    @Override
    public String toString() {
        return scheme + "://" + host + ":" + port;
    }
}
