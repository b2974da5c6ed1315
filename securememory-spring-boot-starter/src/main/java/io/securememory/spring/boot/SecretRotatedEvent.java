package io.securememory.spring.boot;

import java.util.Objects;

/**
 * A declared secret has new content. Published to the application context after the injected {@link io.securememory.Secret}
 * reads as the new content, and after the old one was wiped or its close timed out.
 *
 * <p>Also published when an optional secret has come that was absent before.
 *
 * <p>Published by a thread that watches the files, or that called {@link SecretStore#reload}. Carries no content.
 *
 * @param name the secret's name below {@code securememory.secrets}
 */
public record SecretRotatedEvent(String name) {

    /**
     * Creates an event.
     *
     * @throws NullPointerException if there is no name
     */
    public SecretRotatedEvent {
        Objects.requireNonNull(name, "name");
    }
}
