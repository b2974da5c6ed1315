package io.securememory.spring.boot.credentials;

import java.net.URI;
import org.springframework.http.HttpHeaders;

/** Adds headers that prove who sends a request. Safe for use by several threads. */
interface RequestAuthorization {

    /** Tells whether the headers depend on the body. */
    boolean dependsOnBody();

    /**
     * Adds the headers.
     *
     * @param body the whole body; empty if it does not matter
     */
    void addTo(HttpHeaders headers, String method, URI uri, byte[] body);
}
