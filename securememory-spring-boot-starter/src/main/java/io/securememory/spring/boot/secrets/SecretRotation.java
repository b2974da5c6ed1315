package io.securememory.spring.boot.secrets;

import io.securememory.CloseTimeoutException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.VersionedSecret.Version;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.SecretRotatedEvent;
import io.securememory.spring.boot.SecretVersion;
import io.securememory.spring.boot.versions.FormerVersions;
import io.securememory.spring.boot.versions.GraceEnds;
import io.securememory.spring.boot.versions.RotationCount;
import io.securememory.spring.boot.watch.FileStamp;
import io.securememory.spring.boot.watch.SeenFile;
import io.securememory.spring.boot.watch.Uninterrupted;
import io.securememory.spring.boot.watch.WatchProgress;
import io.securememory.spring.boot.watch.WatchState;
import io.securememory.spring.boot.watch.WatchStatus;
import io.securememory.spring.boot.watch.Watched;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the content of one secret when the content of its file has changed. After a failure, the old content stays
 * in use. An optional secret without a file has no content until the file exists.
 *
 * <p>Threading: one reload at a time. The lock is held neither while the old content waits for its readers nor while
 * listeners run.
 */
public final class SecretRotation implements Watched {

    private static final Logger LOG = LoggerFactory.getLogger(SecretRotation.class);

    private static final String WIPED = " was wiped by a purge, and is available again when %s is read";
    private static final String WIPED_FOR_LONG = WIPED + " by SecretStore.reload, or by a restart.";

    private final SecretDeclaration declaration;
    private final SecretLoader loader;
    private final RotationAnnouncer announcer;
    private final WatchProgress progress;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final SeenFile file;

    /** Null for an optional secret that was always absent. Written under the lock. */
    private volatile @Nullable RotatingSecret secret;

    private final FormerVersions former;
    private final InstantSource clock;

    /** When the current version was read. Written under the lock. */
    private volatile Instant since;

    private final RotationCount rotations = new RotationCount();

    /** The number of the version that the first rotation replaced: 0 for a secret that was absent at the start. */
    private final long firstVersion;

    /**
     * Loads a secret for the first time, unless it is optional and absent.
     *
     * @throws DeclaredSecretException if that fails
     */
    SecretRotation(
            SecretDeclaration declaration,
            SeenFile file,
            SecretLoader loader,
            RotationAnnouncer announcer,
            GraceEnds graceEnds,
            InstantSource clock) {
        this.declaration = declaration;
        this.file = file;
        this.loader = loader;
        this.announcer = announcer;
        this.progress = new WatchProgress(clock);
        this.former = new FormerVersions(declaration.name(), declaration.gracePeriod(), graceEnds, this::close, clock);
        this.clock = clock;
        this.since = clock.instant();
        if (!declaration.isLeftOut()) {
            FileStamp before = this.file.stamp();
            this.secret = new RotatingSecret(loader.load(declaration));
            this.file.read(before);
            progress.good();
        }
        this.firstVersion = secret == null ? 0 : 1;
    }

    /** Returns the name of the secret. */
    public String name() {
        return declaration.name();
    }

    /** Returns the secret, or null if it is still absent. */
    public @Nullable Secret secret() {
        return secret;
    }

    @Override
    public String title() {
        return "the secret '" + declaration.name() + "'";
    }

    @Override
    public @Nullable Duration interval() {
        return declaration.reloadInterval();
    }

    @Override
    public WatchStatus status() {
        boolean watched = interval() != null;
        return isWiped()
                ? progress.wiped(
                        WatchStatus.SECRET,
                        declaration.name(),
                        watched,
                        title() + (watched ? WIPED : WIPED_FOR_LONG).formatted(isOfFile() ? "its file" : "it"))
                : progress.status(WatchStatus.SECRET, declaration.name(), watched);
    }

    private boolean isWiped() {
        RotatingSecret present = secret;
        return present != null && present.isWiped();
    }

    /** Says what the application has while the file cannot be read. */
    private String meanwhile() {
        if (secret == null) {
            return "There is no such secret meanwhile";
        }
        return isWiped() ? "A purge has wiped it, so that it cannot be read meanwhile" : "Its old content stays in use";
    }

    /** Returns the location for messages. It is not secret. */
    public String location() {
        return declaration.location().toString();
    }

    /** Returns how often the secret got new content. */
    public long rotations() {
        return rotations.all();
    }

    /** Returns how often its file could not be read. */
    public long failures() {
        return progress.failures();
    }

    /** Reloads the secret if the file may have changed. Logs a failure unless it was logged before. Never throws. */
    @Override
    public void look() {
        try {
            if (mayHaveChanged()) {
                replace();
            }
        } catch (DeclaredSecretException e) {
            if (progress.isNew(e.reason().name())) {
                LOG.warn(
                        "{} {}; {} is read again {}. {}",
                        e.getMessage(),
                        meanwhile(),
                        isOfFile() ? "the file" : "it",
                        Watched.again(interval()),
                        e.remedy());
            }
        } catch (Throwable e) {
            if (progress.isNew(e.getClass().getName())) {
                LOG.error("The secret '{}' cannot be read again. {}", declaration.name(), meanwhile(), e);
            }
        }
    }

    private boolean mayHaveChanged() {
        lock.lock();
        try {
            if (secret == null && declaration.isLeftOut()) {
                progress.absent();
                return false;
            }
            if (file.mayHaveChanged()) {
                file.awaitQuiet();
                return true;
            }
            confirm();
            return isWiped();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Records success because the file has not changed since it was last read; not after a close, because the content
     * is no longer in use then.
     */
    private void confirm() {
        Secret present = secret;
        if (present != null && !present.isClosed()) {
            progress.good();
        }
    }

    @Override
    public void tell() {
        rotations.tellOfEach(rotation -> {
            announcer.updateDependents(declaration.name());
            announcer.announce(event(rotation));
        });
    }

    private SecretRotatedEvent event(long rotation) {
        long newVersion = firstVersion + rotation;
        return new SecretRotatedEvent(declaration.name(), newVersion - 1, newVersion);
    }

    /**
     * Reads the file, and replaces the content if it has changed. Everything that is made from the secret and from
     * other files is updated, even if only those files have changed.
     *
     * @return whether the content was replaced; also false if the secret is optional and was always absent
     * @throws DeclaredSecretException if the file cannot be read or its content is not valid; the old content stays in
     *     use
     */
    boolean reload() {
        boolean replaced;
        try {
            replaced = replace();
        } finally {
            announcer.updateDependents(declaration.name());
        }
        long rotation = replaced ? rotations.takeUntold() : 0;
        if (rotation > 0) {
            announcer.announce(event(rotation));
        }
        return replaced;
    }

    private boolean replace() {
        return Uninterrupted.get(this::replaceNow);
    }

    private boolean replaceNow() {
        Replacement replacement = replacement();
        if (replacement.replaced()) {
            if (replacement.old() != null) {
                close(replacement.old());
            }
            LOG.info("The secret '{}' has new content from {}", declaration.name(), declaration.location());
        }
        return replacement.replaced();
    }

    /** The result of a read. */
    private record Replacement(boolean replaced, @Nullable Secret old) {

        static final Replacement NONE = new Replacement(false, null);
    }

    private Replacement replacement() {
        lock.lock();
        try {
            if (secret == null && declaration.isLeftOut()) {
                progress.absent();
                return Replacement.NONE;
            }
            FileStamp before = file.stamp();
            requireRegular(before);
            Replacement replacement = take(loadAgain());
            file.read(before);
            progress.good();
            return replacement;
        } catch (DeclaredSecretException e) {
            progress.bad(stateAfter(e.reason()), String.valueOf(e.getMessage()));
            throw e;
        } catch (RuntimeException | Error e) {
            progress.bad(
                    WatchState.FAILING,
                    title() + " cannot be read again: " + e.getClass().getName());
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private WatchState stateAfter(Reason reason) {
        if (!isOfFile()) {
            return reason == Reason.MEMORY ? WatchState.FAILING : WatchState.UNAVAILABLE;
        }
        return reason == Reason.MISSING ? WatchState.MISSING : WatchState.FAILING;
    }

    private boolean isOfFile() {
        return declaration.location().file() != null;
    }

    private Secret loadAgain() {
        try {
            return loader.load(declaration);
        } catch (DeclaredSecretException e) {
            throw secret != null && isOfFile() && e.reason() == Reason.MISSING
                    ? SecretFailures.lost(declaration, e)
                    : e;
        }
    }

    private Replacement take(Secret next) {
        RotatingSecret present = secret;
        if (present == null) {
            secret = new RotatingSecret(next);
            since = clock.instant();
            rotations.add();
            return new Replacement(true, null);
        }
        if (isSame(present, next)) {
            next.close();
            return Replacement.NONE;
        }
        Version before = present.currentVersion();
        boolean kept = former.keep(before, since);
        Secret unused = present.replace(next);
        if (unused == next) { // It was closed for good.
            former.takeBack(before);
            next.close();
            return Replacement.NONE;
        }
        since = clock.instant();
        rotations.add();
        return new Replacement(true, kept ? null : unused);
    }

    /** Returns the versions that whoever verifies accepts, the newest one first; none if the secret is still absent. */
    List<Secret> accepted() {
        RotatingSecret present = secret;
        return present == null ? List.of() : former.andBefore(present.currentVersion());
    }

    /** Describes the versions that exist, the newest one first; none if the secret is still absent. */
    List<SecretVersion> versions() {
        Instant begin = since;
        RotatingSecret present = secret;
        return present == null ? List.of() : former.describe(present.currentVersion(), begin);
    }

    /** Refuses a pipe, for example: its bytes are gone after the first read, and another read would block. */
    private void requireRegular(@Nullable FileStamp stamp) {
        if (stamp != null && !stamp.regular() && !declaration.location().isDirectory()) {
            throw SecretFailures.notRegular(declaration);
        }
    }

    /** Compares in constant time. If a purge has wiped the old content, the file's content counts as new. */
    private static boolean isSame(RotatingSecret present, Secret next) {
        try {
            return present.contentEquals(next);
        } catch (SecretClosedException e) {
            return false;
        } catch (RuntimeException | Error e) {
            next.close();
            throw e;
        }
    }

    private void close(Secret old) {
        try {
            old.close();
        } catch (CloseTimeoutException e) {
            LOG.warn("The old content of the secret '{}' is still being read: {}", declaration.name(), e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("The old content of the secret '{}' could not be closed cleanly", declaration.name(), e);
        }
    }
}
