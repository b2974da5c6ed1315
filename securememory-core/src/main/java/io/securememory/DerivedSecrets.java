package io.securememory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;

/**
 * The secrets that were made of one secret and are closed with it. Those that nobody has any more are not kept
 * reachable.
 */
final class DerivedSecrets {

    private final Set<Secret> members = Collections.newSetFromMap(new WeakHashMap<>());
    private boolean closed;

    /**
     * Makes a secret and adds it. It is closed at once if the others were closed meanwhile.
     *
     * @throws SecretClosedException if they were
     */
    Secret add(Supplier<Secret> maker) {
        requireOpen();
        Secret made = maker.get();
        if (!accept(made)) {
            made.close();
            requireOpen();
        }
        return made;
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new SecretClosedException("The secret is closed.");
        }
    }

    private synchronized boolean accept(Secret made) {
        return !closed && members.add(made);
    }

    /** Closes them. Attempts all, and throws the first failure. */
    void close() {
        RuntimeException failure = null;
        for (Secret member : end()) {
            try {
                member.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private synchronized List<Secret> end() {
        closed = true;
        List<Secret> all = new ArrayList<>(members);
        members.clear();
        return all;
    }
}
