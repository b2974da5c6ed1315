package io.securememory.jca;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecretView;
import io.securememory.VersionedSecret;
import io.securememory.crypto.StackProbe;
import io.securememory.jca.engine.Digest;
import io.securememory.jca.engine.SecretKeyEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.AEADBadTagException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one {@link AesGcm}: the one that encrypts, its former versions, and those that decrypt only.
 *
 * <p>Each has a name of four bytes, which is computed from the key. So a key has the same name in every process, and
 * nobody has to number keys. Two keys may have the same name by chance; then both are tried.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
final class AesGcmKeys {

    private static final Logger LOG = LoggerFactory.getLogger(AesGcm.class);

    /** What is signed with a key to name it. */
    private static final byte[] NAMING = "io.securememory.jca.AesGcm key name".getBytes(US_ASCII);

    /** Versions of a rotated secret that are remembered. They are closed some time after their rotation. */
    private static final int MOST_FORMER = 16;

    private final Secret current;
    private final List<Secret> previous;
    private final SecretKeyEngine engine;

    /** All keys whose names are known, the newest first. */
    private final List<Named> known = new CopyOnWriteArrayList<>();

    AesGcmKeys(Secret current, List<Secret> previous, SecretKeyEngine engine) {
        this.current = current;
        this.previous = List.copyOf(previous);
        this.engine = engine;
    }

    /** A key with its name. */
    private record Named(Secret secret, int id) {}

    /** Computes with a key. */
    @FunctionalInterface
    interface Use<T, E extends Exception> {
        T with(SecretKeyEngine engine, SecretView key, int id) throws E;
    }

    SecretKeyEngine engine() {
        return engine;
    }

    private static Secret present(Secret secret) {
        return secret instanceof VersionedSecret versioned
                ? versioned.currentVersion().secret()
                : secret;
    }

    private Named named(Secret secret) {
        for (Named each : known) {
            if (each.secret().equals(secret)) {
                return each;
            }
        }
        StackProbe.touchForSeveral();
        byte[] name = secret.<byte[], RuntimeException>withBytes(
                view -> engine.hmac(Digest.SHA_256, view, NAMING, NAMING.length));
        return remember(new Named(secret, ByteBuffer.wrap(name).getInt()));
    }

    private synchronized Named remember(Named added) {
        if (!known.contains(added)) {
            known.removeIf(each -> each.secret().isClosed());
            known.add(0, added);
            while (known.size() > MOST_FORMER + previous.size()) {
                known.remove(known.size() - 1);
            }
        }
        return added;
    }

    int currentId() {
        return withVersion((named, begun) -> named.id());
    }

    /** Computes with the key that encrypts. */
    <T, E extends Exception> T withCurrent(Use<T, E> use) throws E {
        StackProbe.touchForSeveral();
        return this.<T, E>withVersion((named, begun) -> named.secret().<T, E>withBytes(view -> {
            begun[0] = true;
            return use.with(engine, view, named.id());
        }));
    }

    /** Does something with one version. Sets the first element when it has begun and may not be repeated. */
    @FunctionalInterface
    private interface OnVersion<T, E extends Exception> {
        T with(Named version, boolean[] begun) throws E;
    }

    /** A rotation may close a version before the use of it has begun. Then the next one is used. */
    private <T, E extends Exception> T withVersion(OnVersion<T, E> use) throws E {
        while (true) {
            Secret version = present(current);
            boolean[] begun = new boolean[1];
            try {
                return use.with(named(version), begun);
            } catch (SecretClosedException e) {
                if (begun[0] || present(current).equals(version)) {
                    throw e;
                }
            }
        }
    }

    /** Decrypts with a key that may be the right one. */
    @FunctionalInterface
    interface Trial<T> {
        T with(SecretKeyEngine engine, Secret key) throws AEADBadTagException;
    }

    /**
     * Decrypts with the keys that have a name.
     *
     * @throws SecretClosedException if such a key is closed, and no other one decrypts it
     * @throws io.securememory.DecryptionFailedException if no key decrypts it
     */
    <T> T withKeyOf(int id, Trial<T> trial) {
        StackProbe.touchForSeveral();
        SecretClosedException closed = null;
        for (Secret secret : candidates()) {
            try {
                if (named(secret).id() == id) {
                    return trial.with(engine, secret);
                }
            } catch (SecretClosedException e) {
                closed = e;
            } catch (AEADBadTagException e) {
                LOG.trace("A key with the name of the message does not decrypt it", e);
            }
        }
        if (closed != null) {
            throw closed;
        }
        throw AesGcm.failed();
    }

    private List<Secret> candidates() {
        List<Secret> all = new ArrayList<>();
        all.add(present(current));
        previous.forEach(each -> all.add(present(each)));
        for (Named each : known) {
            if (!all.contains(each.secret()) && !each.secret().isClosed()) {
                all.add(each.secret());
            }
        }
        return all;
    }

    /**
     * The key of one stream.
     *
     * @param secret a copy, which the stream closes
     * @param id names it
     * @param engine computes with it
     */
    record StreamKey(Secret secret, int id, SecretKeyEngine engine) {}

    StreamKey copyOfCurrent() {
        return withVersion((named, begun) -> new StreamKey(named.secret().copy(), named.id(), engine));
    }
}
