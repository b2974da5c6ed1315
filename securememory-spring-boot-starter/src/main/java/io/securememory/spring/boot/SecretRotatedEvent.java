package io.securememory.spring.boot;

import java.util.Objects;

/**
 * Announces that a declared secret has new content. The event is published to the application context when the
 * injected {@link io.securememory.Secret} already gives the new content, and after the old content was wiped, its
 * close timed out, or its grace began.
 *
 * <p>Also published when an optional secret that was absent is loaded for the first time.
 *
 * <p>The publishing thread is the one that watches the files, or the caller of {@link SecretStore#reload}. The event
 * carries no content.
 *
 * @param name the secret's name below {@code securememory.secrets}
 * @param oldVersion number of the version that was replaced; 0 if there was none
 * @param newVersion number of the version that took its place, see {@link SecretVersion#number()}. There may be a still
 *     newer one when the event is heard
 */
public record SecretRotatedEvent(String name, long oldVersion, long newVersion) {

    /**
     * Creates an event.
     *
     * @throws NullPointerException if the name is null
     */
    public SecretRotatedEvent {
        Objects.requireNonNull(name, "name");
    }
}
