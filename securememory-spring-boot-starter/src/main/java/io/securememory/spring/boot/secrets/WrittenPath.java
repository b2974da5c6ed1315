package io.securememory.spring.boot.secrets;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * The path after {@code file:}. It is used literally: {@code %}, {@code #}, {@code ?}, {@code +} and spaces stand for
 * themselves.
 *
 * <p>Only the URL form, {@code file:///a%20b}, may be percent-encoded, as {@code Path.toUri} writes it. In that form,
 * the decoded path is used if it exists and the path as written does not. Only one path is used at a time. As either
 * file may appear later, each access determines the path again. While neither exists, it is the one that existed last.
 *
 * <p>Threading: safe for use by several threads at once.
 */
final class WrittenPath {

    private static final String AUTHORITY = "//";
    private static final String LOCALHOST = "//localhost/";
    private static final Pattern DRIVE_OF_URL = Pattern.compile("^(?:/|///)([A-Za-z]:)");

    /** Absolute, so that a message shows the working directory that a relative path was resolved against. */
    private final Path path;

    private final boolean mayBeEncoded;

    /** The path that the last access used. */
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
        String rest = local ? written.substring(LOCALHOST.length() - 1) : written;
        Path path = Path.of(withoutSlashesBeforeDrive(rest, File.separatorChar)).toAbsolutePath();
        return new WrittenPath(path, written.startsWith(AUTHORITY) && written.indexOf('%') >= 0);
    }

    /** Returns the path of a URL as Windows takes it: {@code C:/a} for {@code ///C:/a} and {@code /C:/a}. */
    static String withoutSlashesBeforeDrive(String written, char separator) {
        return separator == '\\' ? DRIVE_OF_URL.matcher(written).replaceFirst("$1") : written;
    }

    /** Returns the path to use now: as written, unless only the decoded one exists, or existed last. */
    Path now() {
        Path found = mayBeEncoded ? decodedWhereNeeded(path) : null;
        if (found != null) {
            last = found;
        }
        return last;
    }

    /** Returns the path that the last access used, for messages. */
    @Override
    public String toString() {
        return last.toString();
    }

    /** Says why a value cannot be a path, as an addition to a message. */
    static String reason(String value) {
        boolean ascii = StandardCharsets.US_ASCII.newEncoder().canEncode(value);
        return ascii
                ? ""
                : " where the names of files are in " + System.getProperty("sun.jnu.encoding", "an unknown encoding")
                        + " (set the environment variable LC_ALL to C.UTF-8)";
    }

    /** Null if there is neither. */
    private static @Nullable Path decodedWhereNeeded(Path path) {
        Path found = path.getRoot();
        for (Path name : path) {
            Path next = existing(found, name.toString());
            if (next == null) {
                return null;
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
