package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.watch.Uninterrupted;
import io.securememory.spring.boot.watch.WatchProgress;
import io.securememory.spring.boot.watch.WatchState;
import io.securememory.spring.boot.watch.WatchStatus;
import io.securememory.spring.boot.watch.Watched;
import java.security.PrivateKey;
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
 * One SSL bundle that follows its key, its certificates and those that it trusts, in whatever order they are replaced.
 *
 * <p>A key and a certificate that do not belong together yet leave the old pair in use, and are looked at again and again: the one
 * that is missing may come at any time. The same holds for what cannot be read. What is wrong is said once, when it has lasted. The
 * trusted certificates are taken on their own.
 *
 * <p>Threading: one look at a time; the lock is not held while those are told who use the bundle.
 */
final class WatchedBundle implements Watched {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedBundle.class);

    /** What is replaced by hand or by a script is complete in this time, and at the second look. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String name;
    private final BundleKey key;
    private final WatchedCertificates certificate;
    private final ServedChain served;
    private final @Nullable WatchedCertificates trust;
    private final @Nullable Duration interval;
    private final BundleDelivery delivery;
    private final WatchProgress progress;
    private final ReentrantLock lock = new ReentrantLock();

    /** Null before there is a first one. Written under the lock, as are the next two. */
    private @Nullable BundleContent inUse;

    /** Whether it is all that the files held at the last look. */
    private volatile boolean complete;

    /** Looks in a row for which it was not. */
    private int wrongLooks;

    /** Whether another look was asked for since the last one began. */
    private volatile boolean asked;

    /** What keeps the bundle from being what its files hold. */
    private record Problem(WatchState state, DeclaredSecretException failure) {

        static Problem of(DeclaredSecretException failure, @Nullable WatchedCertificates source) {
            boolean missing = source != null && source.isMissing();
            return new Problem(missing ? WatchState.MISSING : WatchState.FAILING, failure);
        }
    }

    /**
     * @param trust null for the certificates of the virtual machine
     * @param interval between two looks, or null for looks on request
     */
    WatchedBundle(
            String name,
            BundleKey key,
            WatchedCertificates certificate,
            @Nullable WatchedCertificates trust,
            @Nullable Duration interval,
            SslBundleRegistry registry,
            InstantSource clock) {
        this.name = name;
        this.key = key;
        this.certificate = certificate;
        this.served = new ServedChain(name, certificate);
        this.trust = trust;
        this.interval = interval;
        this.progress = new WatchProgress(clock);
        this.delivery = new BundleDelivery(name, registry, clock);
    }

    /**
     * Registers the bundle for the first time, unless its key is an optional secret that is absent: then it comes with that.
     *
     * @throws DeclaredSecretException if key or certificates are not what they should be
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
            delivery.offer(first.toBundle());
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

    /** Looks, or leaves it to the thread that is at it, should that take long: its file may be on a dead mount. */
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
            delivery.offer(next.toBundle());
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

    /** The parts of now that can be taken, with the old ones in place of the others. */
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
            return inUse == null
                    ? null
                    : pair; // The first one never trusts whomever the virtual machine trusts instead.
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

    /** Says what is wrong when it has lasted, and at once if nobody looks again. */
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
