package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.watch.Uninterrupted;
import io.securememory.spring.boot.watch.WatchProgress;
import io.securememory.spring.boot.watch.WatchState;
import io.securememory.spring.boot.watch.WatchStatus;
import io.securememory.spring.boot.watch.Watched;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundleRegistry;

/**
 * One SSL bundle that follows its key, its certificates and its trusted certificates, in whatever order they are replaced.
 *
 * <p>While key and certificate do not belong together, the old pair stays in use. They are checked at each interval, because the
 * other file may be replaced at any time. The same holds for a file that cannot be read. A problem is logged once, after it has
 * lasted for some time. The trusted certificates are replaced independently of the pair.
 *
 * <p>Threading: one check at a time. The lock is not held while the users of the bundle are notified.
 */
final class WatchedBundle implements Watched {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedBundle.class);

    /** By this time, and at the second check, a replacement by hand or by a script is complete. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String name;
    private final BundleKey key;
    private final WatchedCertificates certificate;
    private final ServedChain served;
    private final @Nullable WatchedCertificates trust;
    private final @Nullable Duration interval;
    private final Provider provider;
    private final FollowedPair pairs;
    private final BundleDelivery delivery;
    private final WatchProgress progress;
    private final ReentrantLock lock = new ReentrantLock();

    /** Null until the bundle is first made. This and the next two fields are written under the lock. */
    private @Nullable BundleContent inUse;

    /** Whether the content in use was all that the files held at the last check. */
    private volatile boolean complete;

    /** Number of consecutive checks for which it was not. */
    private int wrongLooks;

    /** Whether another check was requested since the last one began. */
    private volatile boolean asked;

    /** A reason why the content of the files is not in use. */
    private record Problem(WatchState state, DeclaredSecretException failure) {

        static Problem of(DeclaredSecretException failure, @Nullable WatchedCertificates source) {
            boolean missing = source != null && source.isMissing();
            return new Problem(missing ? WatchState.MISSING : WatchState.FAILING, failure);
        }
    }

    /**
     * @param trust null to trust the JVM's certificates
     * @param interval between two checks, or null for checks on request only
     * @param provider the one of keys in protected memory
     */
    @SuppressWarnings("checkstyle:ParameterNumber")
    WatchedBundle(
            String name,
            BundleKey key,
            WatchedCertificates certificate,
            @Nullable WatchedCertificates trust,
            @Nullable Duration interval,
            Provider provider,
            SslBundleRegistry registry,
            InstantSource clock) {
        this.name = name;
        this.key = key;
        this.certificate = certificate;
        this.served = new ServedChain(name, certificate);
        this.trust = trust;
        this.interval = interval;
        this.provider = provider;
        this.pairs = new FollowedPair(name);
        this.progress = new WatchProgress(clock);
        this.delivery = new BundleDelivery(name, registry, clock);
    }

    /**
     * Registers the bundle for the first time. If its key is an optional secret that is absent, the bundle is registered
     * once that secret exists.
     *
     * @throws DeclaredSecretException if the key or a certificate cannot be used
     */
    void register() {
        if (key.isAbsent()) {
            LOG.info(
                    "There is no SSL bundle '{}' before its key, the optional secret '{}', is there",
                    name,
                    key.secret());
            return;
        }
        lock.lock();
        try {
            List<Problem> problems = new ArrayList<>();
            BundleContent first = next(problems);
            if (first == null || !problems.isEmpty()) {
                throw problems.get(0).failure();
            }
            inUse = first;
            delivery.offer(first.toBundle(pairs, provider));
            complete = true;
        } finally {
            lock.unlock();
        }
        delivery.deliver(this::delivered);
    }

    @Override
    public String title() {
        return "the SSL bundle '" + name + "'";
    }

    @Override
    public @Nullable Duration interval() {
        return interval;
    }

    @Override
    public WatchStatus status() {
        return progress.status(WatchStatus.BUNDLE, name, interval != null);
    }

    long failures() {
        return progress.failures();
    }

    @Override
    public void look() {
        lock.lock();
        try {
            do {
                asked = false;
                Uninterrupted.get(this::lookOnce);
            } while (asked);
        } finally {
            lock.unlock();
        }
    }

    /** Checks the files. If another thread is checking and takes long, as on a dead mount, that thread checks once more. */
    void follow() {
        asked = true;
        delivery.tryAgain();
        try {
            if (lock.tryLock(1, TimeUnit.SECONDS)) {
                try {
                    look();
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Asked for all the same.
        }
    }

    private boolean lookOnce() {
        try {
            if (key.isAbsent()) {
                progress.absent();
            } else if (mayHaveChanged()) {
                refresh();
            } else if (!delivery.isPending()) {
                progress.good();
            }
        } catch (Throwable e) {
            complete = false;
            failed(title() + " cannot be made anew", e, interval);
        }
        return complete;
    }

    private boolean mayHaveChanged() {
        return !complete
                || key.mayHaveChanged()
                || certificate.mayHaveChanged()
                || (trust != null && trust.mayHaveChanged());
    }

    private void refresh() {
        complete = false;
        certificate.awaitQuiet();
        if (trust != null) {
            trust.awaitQuiet();
        }
        List<Problem> problems = new ArrayList<>();
        BundleContent next = next(problems);
        if (next != null && !next.equals(inUse)) {
            inUse = next;
            delivery.offer(next.toBundle(pairs, provider));
        }
        wrongLooks = problems.isEmpty() ? 0 : wrongLooks + 1;
        if (problems.isEmpty()) {
            complete = true;
            if (!delivery.isPending()) {
                progress.good();
            }
        } else {
            problems.forEach(this::wrong);
        }
    }

    /** Returns the parts of the files that can be used, with the old content instead of the others. */
    private @Nullable BundleContent next(List<Problem> problems) {
        BundleContent pair = pair(inUse, problems);
        if (trust == null || pair == null) {
            return pair;
        }
        try {
            List<X509Certificate> trusted = trust.read();
            return trusted.equals(pair.trusted()) ? pair : pair.trusting(trusted);
        } catch (DeclaredSecretException e) {
            problems.add(Problem.of(e, trust));
            return inUse == null ? null : pair; // The first content never trusts the JVM's certificates instead.
        }
    }

    private @Nullable BundleContent pair(@Nullable BundleContent old, List<Problem> problems) {
        PrivateKey nextKey;
        List<X509Certificate> chain;
        try {
            nextKey = key.read();
            chain = served.read();
        } catch (DeclaredSecretException e) {
            problems.add(Problem.of(e, certificate));
            return old;
        }
        if (old != null && old.isOf(nextKey, chain)) {
            served.warnOfLeftOut();
            return old;
        }
        try {
            KeyPairing.require(nextKey, chain.get(0), key.property(), SslFailures.property(name, "certificate"));
        } catch (DeclaredSecretException e) {
            problems.add(new Problem(WatchState.WAITING, e));
            return old;
        }
        served.warnOfLeftOut();
        return new BundleContent(nextKey, chain, old == null ? List.of() : old.trusted());
    }

    /** Logs a problem once it has lasted, and at once if there is no later check. */
    private void wrong(Problem problem) {
        DeclaredSecretException failure = problem.failure();
        String sentence = failure.getMessage() + " " + files();
        boolean lasts = interval == null || (wrongLooks > 1 && progress.isBadFor(PATIENCE));
        if (problem.state() == WatchState.WAITING && !lasts) {
            progress.differs(problem.state(), sentence);
        } else {
            progress.bad(problem.state(), sentence);
        }
        if (lasts && progress.isNew(problem.state().name())) {
            LOG.warn(
                    "The SSL bundle '{}' {}. {} It is looked at again {}, and takes what belongs together as soon as it is"
                            + " there. {}",
                    name,
                    inUse == null ? "cannot be made" : "keeps its old key and certificate",
                    sentence,
                    Watched.again(interval),
                    failure.remedy());
        }
    }

    private String files() {
        return "Key: " + key.location() + ", certificate: " + certificate
                + (trust == null ? "." : ", trusted certificates: " + trust + ".");
    }

    private void failed(String what, Throwable failure, @Nullable Duration pause) {
        progress.bad(WatchState.FAILING, what + ": " + failure.getClass().getName());
        if (progress.isNew(what + failure.getClass().getName())) {
            LOG.error("{}; it is tried again {}", what, Watched.again(pause), failure);
        }
    }

    @Override
    public void tell() {
        delivery.deliverDue(this::delivered, this::refused);
    }

    private void delivered() {
        if (complete) {
            progress.good();
        }
    }

    private void refused(Throwable failure, @Nullable Duration pause) {
        String what = "Someone who uses " + title() + " does not take its new content";
        failed(pause == null ? what + ", and is given it no more" : what, failure, pause);
    }
}
