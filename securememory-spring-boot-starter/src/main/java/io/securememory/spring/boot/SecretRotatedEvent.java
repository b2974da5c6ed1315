package io.securememory.spring.boot;

import java.util.Objects;

/**
 * Announces that a declared secret has new content. The event is published to the application context when the
 * injected {@link io.securememory.Secret} already gives the new content, and after the old content was wiped or its
 * close timed out.
 *
 * <p>Also published when an optional secret that was absent is loaded for the first time.
 *
 * <p>The publishing thread is the one that watches the files, or the caller of {@link SecretStore#reload}. The event
 * carries no content.
 *
 * @param name the secret's name below {@code securememory.secrets}
 */
public record SecretRotatedEvent(String name) {

    /**
     * Creates an event.
     *
     * @throws NullPointerException if the name is null
     */
    public SecretRotatedEvent {
        Objects.requireNonNull(name, "name");
    }
}
