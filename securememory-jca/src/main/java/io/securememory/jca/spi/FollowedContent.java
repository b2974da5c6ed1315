package io.securememory.jca.spi;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.VersionedSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a key that is in a secret. They are read again when the secret, or that of its passphrase, was
 * replaced. They are closed with the version of the secret that they were read from.
 */
public final class FollowedContent implements KeyContent {

    private final Secret source;
    private final @Nullable Secret passphrase;
    private final BiFunction<Secret, @Nullable Secret, Numbers> reader;
    private volatile @Nullable Loaded loaded;

    /**
     * Numbers of versions that were replaced and are still open. They are kept, because numbers that nobody has would be
     * reported as a leak, and are closed with their version. Guarded by this.
     */
    private final List<Secret> replaced = new ArrayList<>(0);

    private volatile boolean closed;

    /** The last versions that are no key, if they are in use. Guarded by this. */
    private @Nullable Refused refused;

    /** Versions that are no key: reading them again would take as long as the first time, and give the same answer. */
    private record Refused(Secret source, @Nullable Secret passphrase, MalformedSecretException reason) {}

    /** Numbers, and the versions that they were read from. */
    private record Loaded(Secret source, @Nullable Secret passphrase, Numbers numbers) {}

    /**
     * Reads a key.
     *
     * @param source the key; the caller closes it
     * @param passphrase its passphrase, or null; the caller closes it
     * @param reader reads one version; its numbers end with that version
     */
    public FollowedContent(
            Secret source, @Nullable Secret passphrase, BiFunction<Secret, @Nullable Secret, Numbers> reader) {
        this.source = source;
        this.passphrase = passphrase;
        this.reader = reader;
        current();
    }

    @Override
    public Numbers current() {
        Secret version = version(source);
        Secret word = passphrase == null ? null : version(passphrase);
        Loaded present = loaded;
        if (present == null || present.source() != version || present.passphrase() != word) {
            present = reload();
        }
        requireOpen();
        return present.numbers();
    }

    private static Secret version(Secret of) {
        return of instanceof VersionedSecret versioned
                ? versioned.currentVersion().secret()
                : of;
    }

    /** Closes nothing while it keeps others waiting: a close waits for those who compute, and they may come here. */
    private Loaded reload() {
        List<Secret> ended = new ArrayList<>(0);
        try {
            return reload(ended);
        } finally {
            ended.forEach(Secret::close);
        }
    }

    private synchronized Loaded reload(List<Secret> ended) {
        requireOpen();
        Secret version = version(source);
        Secret word = passphrase == null ? null : version(passphrase);
        Loaded present = loaded;
        if (present != null && present.source() == version && present.passphrase() == word) {
            return present;
        }
        Loaded made = new Loaded(version, word, read(version, word));
        loaded = made;
        if (present != null) {
            Secret old = present.numbers().numbers();
            if (present.source() == version) {
                ended.add(old); // Only the passphrase was replaced: nothing else closes them.
            } else {
                replaced.add(old);
            }
            replaced.removeIf(Secret::isClosed);
        }
        return made;
    }

    private Numbers read(Secret version, @Nullable Secret word) {
        Refused known = refused;
        if (known != null && known.source() == version && known.passphrase() == word) {
            throw known.reason();
        }
        refused = null;
        try {
            return reader.apply(version, word);
        } catch (MalformedSecretException e) {
            refused = new Refused(version, word, e);
            throw e;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new SecretClosedException("The key is destroyed.");
        }
    }

    @Override
    public void close() {
        end().forEach(Secret::close);
    }

    private synchronized List<Secret> end() {
        closed = true;
        List<Secret> all = new ArrayList<>(replaced);
        replaced.clear();
        Loaded present = loaded;
        if (present != null) {
            all.add(present.numbers().numbers());
        }
        return all;
    }

    @Override
    public boolean isClosed() {
        return closed || source.isClosed();
    }
}
