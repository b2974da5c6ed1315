package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import io.securememory.spring.boot.SecretVersion;
import io.securememory.spring.boot.versions.FormerVersions;
import io.securememory.spring.boot.watch.WatchProgress;
import io.securememory.spring.boot.watch.WatchStatus;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A declared secret that does not come from a file. If a purge has wiped it, only a restart of the application brings
 * it back.
 */
final class FixedSecret {

    private final String name;
    private final RotatingSecret secret;
    private final WatchProgress progress;
    private final Instant since;

    FixedSecret(String name, Secret secret, InstantSource clock) {
        this.name = name;
        this.secret = new RotatingSecret(secret); // It can tell a close by its user from a purge.
        this.progress = new WatchProgress(clock);
        this.since = clock.instant();
    }

    Secret secret() {
        return secret;
    }

    /** Describes its only version. */
    SecretVersion version() {
        return FormerVersions.describeOnly(secret.currentVersion(), since);
    }

    /** Returns the status to report if a purge has wiped the secret; otherwise empty. */
    Optional<WatchStatus> wiped() {
        return secret.isWiped()
                ? Optional.of(progress.wiped(
                        WatchStatus.SECRET,
                        name,
                        false,
                        "the secret '" + name
                                + "' was wiped by a purge, and does not come from a file: restart the application."))
                : Optional.empty();
    }
}
