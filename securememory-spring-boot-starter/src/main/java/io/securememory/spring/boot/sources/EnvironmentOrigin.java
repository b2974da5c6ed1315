package io.securememory.spring.boot.sources;

import io.securememory.SecretSourceException;
import io.securememory.SecretView;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A variable of the environment that this process was started with. It is read from the process' own block, as Linux shows
 * it, into locked memory.
 *
 * @param variable its name
 */
public record EnvironmentOrigin(String variable) implements Origin {

    private static final Path BLOCK = Path.of("/proc/self/environ");

    /** More than Linux passes to a process. */
    private static final int MAX_BLOCK = 16 * 1024 * 1024;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private static final String OTHERWISE = " Otherwise, put the secret into a file.";

    /** Tells whether a text can be the name of a variable; other text may be a secret that was written there. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Only asks for the name. Spring has the whole environment on the heap already. */
    @Override
    public boolean isAbsent() {
        return !System.getenv().containsKey(variable);
    }

    @Override
    public String whyFixed() {
        return "the environment of a process does not change";
    }

    @Override
    public String warning() {
        return "It stays in the environment block of this process and of each process that this one starts, which the same"
                + " user can read, and on the Java heap, because Spring reads the whole environment. A file leaves no such"
                + " copies.";
    }

    @Override
    public LockedBuffer read(SourceAccess access, int maxLength) {
        MemGuard guard = access.memGuard();
        try (LockedBuffer block = guard.readFully(BLOCK, MAX_BLOCK)) {
            byte[] begin = (variable + "=").getBytes(StandardCharsets.US_ASCII);
            return Taken.of(keep -> block.withBytes(view -> keep.apply(cut(guard, view, begin, maxLength))));
        } catch (SecretSourceException e) {
            throw switch (e.reason()) {
                case MISSING ->
                    SourceException.of(
                            Reason.UNREADABLE,
                            "this system does not show a process its own environment.",
                            "A variable is read from " + BLOCK + ", which Linux has." + OTHERWISE,
                            e);
                case EMPTY -> missing();
                default ->
                    SourceException.of(
                            Reason.UNREADABLE,
                            BLOCK + " cannot be read.",
                            "With securememory.core-dumps=disable-process, Linux shows it to nobody but root."
                                    + OTHERWISE,
                            e);
            };
        }
    }

    private LockedBuffer cut(MemGuard guard, SecretView block, byte[] begin, int maxLength) {
        int from = find(block, begin);
        if (from < 0) {
            throw missing();
        }
        int end = end(block, from);
        if (end == from) {
            throw SourceException.of(
                    Reason.EMPTY,
                    "it is empty.",
                    "A common cause is that the command to set it has failed." + OTHERWISE);
        }
        if (end - from > maxLength) {
            throw SourceException.of(
                    Reason.TOO_LARGE, "it has more than " + maxLength + " bytes.", "Choose another variable.");
        }
        return guard.allocate(end - from, target -> target.copyFrom(0, block, from, end - from));
    }

    private static SourceException missing() {
        return SourceException.of(
                Reason.MISSING,
                "this process was started without it.",
                "Set the variable for the process, not for the shell only (export)." + OTHERWISE);
    }

    /** Returns the index after a beginning of one of the entries, or -1. */
    private static int find(SecretView block, byte[] begin) {
        int entry = 0;
        while (entry < block.length()) {
            int end = end(block, entry);
            if (end - entry >= begin.length && startsWith(block, entry, begin)) {
                return entry + begin.length;
            }
            entry = end + 1;
        }
        return -1;
    }

    private static boolean startsWith(SecretView block, int entry, byte[] begin) {
        for (int i = 0; i < begin.length; i++) {
            if (block.get(entry + i) != begin[i]) {
                return false;
            }
        }
        return true;
    }

    private static int end(SecretView block, int from) {
        int end = from;
        while (end < block.length() && block.get(end) != 0) {
            end++;
        }
        return end;
    }

    @Override
    public String toString() {
        return "the environment variable " + variable;
    }
}
