package io.securememory.spring.boot.versions;

import io.securememory.Secret;
import io.securememory.VersionedSecret.Version;
import io.securememory.spring.boot.SecretVersion;
import io.securememory.spring.boot.SecretVersion.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of one secret that were replaced, and are accepted until their grace ends.
 *
 * <p>Threading: safe for use by several threads.
 */
public final class FormerVersions {

    /** Each has locked memory, if the secret is not sealed. */
    public static final int MOST = 16;

    private static final Logger LOG = LoggerFactory.getLogger(FormerVersions.class);

    private final String name;
    private final Duration grace;
    private final GraceEnds ends;
    private final Consumer<Secret> closer;
    private final InstantSource clock;

    /** The newest one first. Guarded by this object, as is the next field. */
    private final Deque<Former> all = new ArrayDeque<>();

    private boolean warned;

    private record Former(Version version, Instant since, Instant until) {

        boolean isAccepted(Instant now) {
            return now.isBefore(until) && !version.secret().isClosed();
        }
    }

    /** @param closer closes a version whose grace is over; may wait for its readers */
    public FormerVersions(String name, Duration grace, GraceEnds ends, Consumer<Secret> closer, InstantSource clock) {
        this.name = name;
        this.grace = grace;
        this.ends = ends;
        this.closer = closer;
        this.clock = clock;
    }

    /**
     * Keeps a version that is about to be replaced. Readers look at the current version first, and then here, so that there
     * is no moment at which it is in neither place.
     *
     * @param since when it was read
     * @return whether it is closed here, at the end of its grace; otherwise the caller closes it
     */
    public synchronized boolean keep(Version version, Instant since) {
        if (grace.isZero() || version.secret().isClosed()) {
            return false;
        }
        Former former = new Former(version, since, clock.instant().plus(grace));
        all.addFirst(former);
        ends.add(former.until(), () -> end(former));
        if (all.size() > MOST) {
            warnOnce();
            Former oldest = all.removeLast();
            ends.add(clock.instant(), () -> closer.accept(oldest.version().secret()));
        }
        return true;
    }

    private void warnOnce() {
        if (!warned) {
            warned = true;
            LOG.warn(
                    "The secret '{}' was replaced so often that its oldest versions are wiped before their grace ends; at most {}"
                            + " old versions are kept",
                    name,
                    MOST);
        }
    }

    private void end(Former former) {
        boolean removed;
        synchronized (this) {
            removed = all.remove(former);
        }
        if (removed) {
            closer.accept(former.version().secret());
        }
    }

    /** Takes a version back that was not replaced after all. */
    public synchronized void takeBack(Version version) {
        all.removeIf(former -> former.version().number() == version.number());
    }

    /** Returns this version, and those before it that are accepted, the newest one first. */
    public List<Secret> andBefore(Version current) {
        return Stream.concat(
                        Stream.of(current.secret()),
                        acceptedBefore(current).stream()
                                .map(former -> former.version().secret()))
                .toList();
    }

    /**
     * Describes this version, and those before it that are accepted, the newest one first.
     *
     * @param since when this version was read
     */
    public List<SecretVersion> describe(Version current, Instant since) {
        return Stream.concat(
                        Stream.of(describeOnly(current, since)),
                        acceptedBefore(current).stream()
                                .map(former -> new SecretVersion(
                                        former.version().number(), State.PREVIOUS, former.since(), former.until())))
                .toList();
    }

    /** Describes the current version of a secret that has no other. */
    public static SecretVersion describeOnly(Version current, Instant since) {
        return new SecretVersion(
                current.number(), current.secret().isClosed() ? State.WIPED : State.CURRENT, since, null);
    }

    private synchronized List<Former> acceptedBefore(Version current) {
        Instant now = clock.instant();
        return all.stream()
                .filter(former -> former.version().number() < current.number() && former.isAccepted(now))
                .toList();
    }
}
