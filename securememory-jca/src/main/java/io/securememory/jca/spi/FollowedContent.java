package io.securememory.jca.spi;

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
        if (closed) {
            throw new SecretClosedException("The key is destroyed.");
        }
        return present.numbers();
    }

    private static Secret version(Secret of) {
        return of instanceof VersionedSecret versioned
                ? versioned.currentVersion().secret()
                : of;
    }

    private synchronized Loaded reload() {
        Secret version = version(source);
        Secret word = passphrase == null ? null : version(passphrase);
        Loaded present = loaded;
        if (present != null && present.source() == version && present.passphrase() == word) {
            return present;
        }
        Loaded made = new Loaded(version, word, reader.apply(version, word));
        loaded = made;
        if (closed) {
            made.numbers().numbers().close();
        } else if (present != null) {
            keepUntilClosed(present, version);
        }
        return made;
    }

    private void keepUntilClosed(Loaded old, Secret newVersion) {
        Secret numbers = old.numbers().numbers();
        if (old.source() == newVersion) {
            numbers.close(); // Only the passphrase was replaced: nothing else closes them.
        }
        replaced.add(numbers);
        replaced.removeIf(Secret::isClosed);
    }

    @Override
    public synchronized void close() {
        closed = true;
        Loaded present = loaded;
        if (present != null) {
            present.numbers().numbers().close();
        }
        replaced.forEach(Secret::close);
        replaced.clear();
    }

    @Override
    public boolean isClosed() {
        return closed || source.isClosed();
    }
}
