package io.securememory.spring.boot.autoconfigure.ssl;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The key and certificates that a bundle has now, and those that it had for as long as a handshake uses them.
 *
 * <p>JSSE chooses an alias, and then asks for its key and its chain, one after the other. So each pair has an alias of its own,
 * which answers for as long as anybody has it. After that, the pair is dropped.
 *
 * <p>Threading: safe.
 */
final class FollowedPair {

    private final String name;

    /** Pairs by their aliases, which nothing else keeps but the field below. Guarded by itself. */
    private final Map<String, Pair> answering = new WeakHashMap<>();

    private volatile @Nullable Current current;
    private long replacements;

    /** @param name how aliases begin */
    FollowedPair(String name) {
        this.name = name;
    }

    /** A key and its chain. Does not keep its alias. */
    record Pair(PrivateKey key, List<X509Certificate> chain) {

        /** Leaves out the key, because what the key classes of providers print is not known. */
        @Override
        public String toString() {
            return "Pair[]";
        }
    }

    /** The pair in use and its alias. */
    record Current(String alias, Pair pair) {}

    /** Takes another pair into use, unless it is the same. */
    synchronized void replace(PrivateKey key, List<X509Certificate> chain) {
        Pair next = new Pair(key, chain);
        Current present = current;
        if (present != null && present.pair().equals(next)) {
            return;
        }
        replacements++;
        String alias = name + "-" + replacements; // A new object, not one that the JVM keeps.
        synchronized (answering) {
            answering.put(alias, next);
        }
        current = new Current(alias, next);
    }

    /** Returns the pair in use, or null if there was none yet. */
    @Nullable
    Current current() {
        return current;
    }

    /** Returns the pair of an alias, or null if there is none, or if nobody had the alias. */
    @Nullable
    Pair of(String alias) {
        synchronized (answering) {
            return answering.get(alias);
        }
    }
}
