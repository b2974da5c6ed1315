package io.securememory.spring.boot.secrets;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * The path that stands after {@code file:}. It is a path, as it is: {@code %}, {@code #}, {@code ?}, {@code +} and blanks stand
 * for themselves.
 *
 * <p>Only the form of a URL, {@code file:///a%20b}, may be percent-encoded, as {@code Path.toUri} writes it: there a name that
 * does not exist as it is written stands for the decoded one, if that exists. A name never becomes two. Either may appear later:
 * which one is meant is found out anew with each look.
 *
 * <p>Threading: safe for use by several threads at once.
 */
final class WrittenPath {

    private static final String AUTHORITY = "//";
    private static final String LOCALHOST = "//localhost/";

    /** Absolute, so that a message shows which working directory a relative one was taken from. */
    private final Path path;

    private final boolean mayBeEncoded;

    /** Which one was meant with the last look. */
    private volatile Path last;

    private WrittenPath(Path path, boolean mayBeEncoded) {
        this.path = path;
        this.mayBeEncoded = mayBeEncoded;
        this.last = path;
    }

    /**
     * Takes a path.
     *
     * @param written what stands after the prefix
     * @throws InvalidPathException if this cannot be a path
     */
    static WrittenPath of(String written) {
        boolean local = written.startsWith(LOCALHOST);
        Path path = Path.of(local ? written.substring(LOCALHOST.length() - 1) : written)
                .toAbsolutePath();
        return new WrittenPath(path, written.startsWith(AUTHORITY) && written.indexOf('%') >= 0);
    }

    /** Finds out which path is meant now: as it is written, unless the decoded one is there and this is not. */
    Path now() {
        if (mayBeEncoded) {
            last = decodedWhereNeeded(path);
        }
        return last;
    }

    /** The path that was meant with the last look, for messages. */
    @Override
    public String toString() {
        return last.toString();
    }

    /** Why a value cannot be a path, to be added to a message. */
    static String reason(String value) {
        boolean ascii = StandardCharsets.US_ASCII.newEncoder().canEncode(value);
        return ascii
                ? ""
                : " where the names of files are in " + System.getProperty("sun.jnu.encoding", "an unknown encoding")
                        + " (set the environment variable LC_ALL to C.UTF-8)";
    }

    private static Path decodedWhereNeeded(Path path) {
        Path found = path.getRoot();
        for (Path name : path) {
            Path next = existing(found, name.toString());
            if (next == null) {
                return path;
            }
            found = next;
        }
        return found;
    }

    private static @Nullable Path existing(Path directory, String name) {
        Path written = directory.resolve(name);
        if (Files.exists(written)) {
            return written;
        }
        String decoded = decoded(name);
        if (decoded == null || decoded.indexOf('/') >= 0) {
            return null;
        }
        Path other = directory.resolve(decoded);
        return Files.exists(other) ? other : null;
    }

    private static @Nullable String decoded(String name) {
        try {
            String decoded = StringUtils.uriDecode(name, StandardCharsets.UTF_8);
            return decoded.chars().anyMatch(Character::isISOControl) ? null : decoded;
        } catch (IllegalArgumentException e) {
            return null; // Not percent-encoded at all.
        }
    }
}
