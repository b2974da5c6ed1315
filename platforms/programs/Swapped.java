import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.Storage;
import io.securememory.WhenLimitReached;
import io.securememory.memguard.LockPolicy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills memory with patterns, and searches for them.
 *
 * <p>{@code fill POLICY SEED} makes plain pages, protected secrets and sealed secrets, each with a pattern of its own, and
 * keeps them until its standard input ends. {@code search SEED} counts the patterns in the standard input. A pattern is
 * never whole on the heap: it is computed byte by byte where it is written, and where it is compared.
 */
public final class Swapped {

    /** What the patterns are in. */
    private enum Kind {
        PLAIN,
        PROTECTED,
        SEALED
    }

    private static final int PLAIN_PAGES = 12288;
    private static final int SECRETS = 256;
    private static final int PAGE = 4096;

    /** Bytes of a secret, which fills most of its page. */
    private static final int LENGTH = 3072;

    /** A pattern repeats after this many bytes. A search finds one period of it, wherever it begins. */
    private static final int PERIOD = 64;

    private Swapped() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("fill")) {
            fill(LockPolicy.valueOf(arguments[1]), Long.parseLong(arguments[2]));
        } else {
            search(Long.parseLong(arguments[1]));
        }
    }

    /**
     * The byte of a pattern at a place: a mix of the seed, the kind and the place (the finalizer of SplitMix64). The first
     * byte is even, and all others are odd, so that a search that begins at an even byte misses nothing.
     */
    private static byte pattern(long seed, Kind kind, int place) {
        long mix = seed + (kind.ordinal() * PERIOD + place % PERIOD + 1) * 0x9e3779b97f4a7c15L;
        mix = (mix ^ mix >>> 30) * 0xbf58476d1ce4e5b9L;
        mix = (mix ^ mix >>> 27) * 0x94d049bb133111ebL;
        mix ^= mix >>> 31;
        return (byte) (place % PERIOD == 0 ? mix & ~1 : mix | 1);
    }

    private static void fill(LockPolicy policy, long seed) throws IOException {
        SecureMemoryOptions options = SecureMemoryOptions.builder()
                .lockPolicy(policy)
                .whenLimitReached(WhenLimitReached.FAIL)
                .build();
        try (SecureMemory session = SecureMemory.create(options)) {
            List<Secret> secrets = new ArrayList<>();
            for (int i = 0; i < SECRETS; i++) {
                secrets.add(secret(session, Storage.PROTECTED, seed, Kind.PROTECTED));
                secrets.add(secret(session, Storage.SEALED, seed, Kind.SEALED));
            }
            ByteBuffer plain = ByteBuffer.allocateDirect(PLAIN_PAGES * PAGE);
            for (int i = 0; i < plain.capacity(); i++) {
                plain.put(i, pattern(seed, Kind.PLAIN, i));
            }
            System.out.println("filled");
            System.in.transferTo(System.out);
            System.out.println(holds(secrets, seed) && holds(plain, seed) ? "everything is still there" : "CHANGED");
        }
    }

    private static Secret secret(SecureMemory session, Storage storage, long seed, Kind kind) {
        return session.secrets(storage).create(session.memGuard().allocate(LENGTH, view -> {
            for (int i = 0; i < LENGTH; i++) {
                view.put(i, pattern(seed, kind, i));
            }
        }));
    }

    private static boolean holds(List<Secret> secrets, long seed) {
        for (int i = 0; i < secrets.size(); i++) {
            Kind kind = i % 2 == 0 ? Kind.PROTECTED : Kind.SEALED;
            boolean same = secrets.get(i).withBytes(view -> {
                boolean all = true;
                for (int at = 0; at < LENGTH; at++) {
                    all &= view.get(at) == pattern(seed, kind, at);
                }
                return all;
            });
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(ByteBuffer plain, long seed) {
        for (int i = 0; i < plain.capacity(); i += PAGE) {
            if (plain.get(i) != pattern(seed, Kind.PLAIN, i)) {
                return false;
            }
        }
        return true;
    }

    private static void search(long seed) throws IOException {
        long[] found = new long[Kind.values().length];
        int[] matched = new int[found.length];
        long bytes = 0;
        try (InputStream in = new BufferedInputStream(System.in, 1 << 16)) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                bytes++;
                for (Kind kind : Kind.values()) {
                    int i = kind.ordinal();
                    matched[i] = continues(seed, kind, matched[i], (byte) next);
                    if (matched[i] == PERIOD) {
                        found[i]++;
                        matched[i] = 0;
                    }
                }
            }
        }
        for (Kind kind : Kind.values()) {
            System.out.println(kind + " " + found[kind.ordinal()]);
        }
        System.out.println("BYTES " + bytes);
    }

    /** How much of a pattern matches after one more byte. */
    private static int continues(long seed, Kind kind, int matched, byte next) {
        if (next == pattern(seed, kind, matched)) {
            return matched + 1;
        }
        return next == pattern(seed, kind, 0) ? 1 : 0;
    }
}
