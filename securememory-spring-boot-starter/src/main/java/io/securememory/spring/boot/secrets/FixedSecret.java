package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import io.securememory.spring.boot.watch.WatchProgress;
import io.securememory.spring.boot.watch.WatchStatus;
import java.time.InstantSource;
import java.util.Optional;

/** A declared secret that comes from no file: once a purge has wiped it, only a restart brings it back. */
final class FixedSecret {

    private final String name;
    private final RotatingSecret secret;
    private final WatchProgress progress;

    FixedSecret(String name, Secret secret, InstantSource clock) {
        this.name = name;
        this.secret = new RotatingSecret(secret); // Which knows a close by its user from a purge.
        this.progress = new WatchProgress(clock);
    }

    Secret secret() {
        return secret;
    }

    /** Empty unless a purge has wiped it. */
    Optional<WatchStatus> wiped() {
        return secret.isWiped()
                ? Optional.of(progress.wiped(
                        WatchStatus.SECRET,
                        name,
                        false,
                        "the secret '" + name
                                + "' was wiped by a purge, and comes from no file: restart the application."))
                : Optional.empty();
    }
}
