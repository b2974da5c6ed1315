package io.securememory.spring.boot.secrets;

import io.securememory.MalformedSecretException;
import io.securememory.MemoryLimitException;
import io.securememory.SecretSourceException;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.properties.Durations;
import io.securememory.spring.boot.properties.MemoryLimitAdvice;
import io.securememory.spring.boot.properties.SecretBinding;
import io.securememory.spring.boot.properties.SecretNames;
import io.securememory.spring.boot.secrets.SecretLocation.OfOrigin;
import io.securememory.spring.boot.sources.SourceException;
import io.securememory.spring.boot.watch.FileStamp;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Messages about failures of declared secrets, and what to do about them. */
final class SecretFailures {

    private static final String MOUNT_IT = """
            Mount the file, or set %s to where it is.
            - Docker Compose: list the secret under secrets: of the service; it appears as /run/secrets/<name>.
            - Kubernetes: mount the Secret as a volume (volumes and volumeMounts) and name the file of one key.""";

    private static final String GO_WITHOUT = "\n- If the application can do without it: set %s=false.";

    private static final String PUT_IT_BACK = "Put the file back. A start without it ";

    private static final String MAKE_ONE =
            "\n- For development: set %s to nothing and %s to a number of bytes, in a profile for development.";

    private static final String FILL_IT = """
            Write the secret to the file. A common cause is that the command to write it has failed, or that its variable \
            was not set.""";

    private static final String WRITE_IT = "Let the source give the secret.";

    private static final String KEEP_THE_BREAK = "\n- If a line break is the secret: set %s=false.";

    private static final String CHOOSE_ANOTHER =
            "Set %s to a file that holds this one secret and nothing else, at most %d bytes.";

    private static final String MAKE_IT_READABLE = "Set %s to a regular file that the user of this process may read.";

    private static final String NAME_THE_FILE = """
            Set %s to a file in it.
            - Kubernetes: a Secret that is mounted as a volume is a directory with a file for each of its keys.
            - Docker: a bind mount whose source does not exist is made as an empty directory.""";

    private static final String DECODE_IT = """
            Write the secret in the encoding that %1$s says, or set %1$s to raw to take the bytes as they are.
            - Blanks between bytes, line breaks and a byte order mark of UTF-8 do not matter.
            - Hexadecimal digits: xxd -p. Base64: base64. PEM: openssl.""";

    private SecretFailures() {}

    /** The location of a secret is not valid. */
    static DeclaredSecretException badLocation(String name, String problem) {
        String property = SecretNames.property(name, "location");
        return declaration(
                "The property " + property + " " + problem + ".",
                "Write the secret to a file and set " + property + " to where it is, for example file:/run/secrets/"
                        + name
                        + ", or to a resource after classpath:. For random bytes that are made at each start, set "
                        + SecretNames.property(name, "generate") + " to their number instead."
                        + SecretBinding.NOT_INTO_A_PROPERTY);
    }

    /** The value of one of the application's own properties is not a location. */
    static DeclaredSecretException badPropertyLocation(String problem) {
        return declaration(
                "A property of type Secret " + problem + ".",
                "Write the secret to a file and set the property to where it is, for example file:/run/secrets/name, or to a"
                        + " resource after classpath:." + SecretBinding.NOT_INTO_A_PROPERTY);
    }

    /** A secret has two sources. */
    static DeclaredSecretException locationAndGenerate(String name) {
        String location = SecretNames.property(name, "location");
        String generate = SecretNames.property(name, "generate");
        return declaration(
                "The properties " + location + " and " + generate + " are both set.",
                "Keep " + location + " for a secret that exists, or " + generate + " for random bytes that are made at"
                        + " each start, and take the other one out. Where a profile generates what another file locates,"
                        + " set " + location + " to nothing in it (in YAML, location: \"\").");
    }

    /** A secret has several sources, of which at least one is neither a location nor random. */
    static DeclaredSecretException severalSources(String name, List<String> properties) {
        return declaration(
                "The properties "
                        + properties.stream()
                                .map(property -> SecretNames.property(name, property))
                                .collect(Collectors.joining(" and "))
                        + " are set together.",
                "A secret comes from one place: keep one of them.");
    }

    /** A property of a source that is no file cannot be used. */
    static DeclaredSecretException badSource(String name, String property, String problem, String remedy) {
        return declaration(
                "The property " + SecretNames.property(name, property) + " " + problem + ".",
                remedy + SecretBinding.NOT_INTO_A_PROPERTY);
    }

    /** Secrets need each other as tokens. */
    static DeclaredSecretException circle(List<String> names) {
        return declaration(
                "Each of the secrets " + names + " is read with another one of them as the token.",
                "Let one of these tokens come from a file.");
    }

    /** The length of a random secret is out of range. */
    static DeclaredSecretException badLength(String name, int length) {
        String generate = SecretNames.property(name, "generate");
        return declaration(
                "The property " + generate + " is " + length + ", expected 1 to " + SecretDeclaration.MAX_LENGTH
                        + " bytes.",
                "Set " + generate + " to the length of the random secret in bytes, for example 32.");
    }

    /** The time between two checks of a file is out of range. */
    static DeclaredSecretException badInterval(String name, Duration interval) {
        String property = SecretNames.property(name, "reload-interval");
        return declaration(
                "The property " + property + " is " + Durations.inWords(interval) + ", expected "
                        + Durations.inWords(SecretDeclaration.MIN_RELOAD_INTERVAL) + " to "
                        + Durations.inWords(SecretDeclaration.MAX_RELOAD_INTERVAL) + ".",
                "Set " + property + " to a time, for example 10s, or take it out to read the file only at start.");
    }

    /** The time for which a replaced version is accepted is out of range. */
    static DeclaredSecretException badGracePeriod(String name, Duration grace) {
        String property = SecretNames.property(name, "grace-period");
        return declaration(
                "The property " + property + " is " + Durations.inWords(grace) + ", expected zero, or "
                        + Durations.inWords(SecretDeclaration.MIN_RELOAD_INTERVAL) + " to "
                        + Durations.inWords(SecretDeclaration.MAX_RELOAD_INTERVAL) + ".",
                "Set " + property + " to a time, for example 30s, or take it out to wipe the old content at once.");
    }

    /** A property is set that another one makes meaningless. */
    static DeclaredSecretException meaningless(String name, String property, String other, String reason) {
        String refused = SecretNames.property(name, property);
        return declaration(
                "The property " + refused + " means nothing beside " + SecretNames.property(name, other) + ": " + reason
                        + ".",
                "Take " + refused + " out.");
    }

    /** Another bean has the secret's name. */
    static DeclaredSecretException nameTaken(String name) {
        return declaration(
                "The secret '" + name + "' is to be a bean of this name, but there is another bean named '" + name
                        + "'.",
                "Choose another name for the secret below securememory.secrets, or rename the other bean.");
    }

    private static DeclaredSecretException declaration(String description, String remedy) {
        return new DeclaredSecretException(Reason.DECLARATION, description, remedy, null);
    }

    /** The text does not exist, or cannot be a secret. */
    static DeclaredSecretException notLoaded(SecretDeclaration secret, SecretSourceException e) {
        Reason reason = reason(secret, e);
        if (reason == Reason.UNREADABLE && e.getCause() instanceof AccessDeniedException denied) {
            return new DeclaredSecretException(
                    reason,
                    introduction(secret) + ": " + FileAccess.problem(Path.of(denied.getFile())) + ".",
                    FileAccess.remedy(secret.property()),
                    e);
        }
        return new DeclaredSecretException(
                reason, introduction(secret) + ": " + problem(secret, reason, e), remedy(secret, reason), e);
    }

    /** A source that is no file has no content now. */
    static DeclaredSecretException notLoaded(SecretDeclaration secret, SourceException e) {
        return new DeclaredSecretException(e.reason(), introduction(secret) + ": " + e.problem(), e.remedy(), e);
    }

    /** The text was there when it was read before. */
    static DeclaredSecretException lost(SecretDeclaration secret, DeclaredSecretException e) {
        return new DeclaredSecretException(
                e.reason(),
                String.valueOf(e.getMessage()),
                secret.required()
                        ? PUT_IT_BACK + "fails."
                        : PUT_IT_BACK + "goes without the secret, as " + SecretNames.property(secret.name(), "required")
                                + " is false.",
                e);
    }

    /** The memory for the text cannot be locked. */
    static DeclaredSecretException notLoaded(SecretDeclaration secret, MemoryLimitException e) {
        return new DeclaredSecretException(
                Reason.MEMORY,
                introduction(secret) + ". " + MemoryLimitAdvice.describe(e),
                MemoryLimitAdvice.remedy(e),
                e);
    }

    /** The text is not in its encoding. */
    static DeclaredSecretException malformed(SecretDeclaration secret, MalformedSecretException e) {
        String encoding = SecretNames.property(secret.name(), "encoding");
        return new DeclaredSecretException(
                introduction(secret) + ": it is not in the encoding "
                        + secret.encoding().name().toLowerCase(Locale.ROOT) + ": " + e.problem(),
                DECODE_IT.formatted(encoding),
                e.position());
    }

    /** The file is not a regular file, so it cannot be read again. */
    static DeclaredSecretException notRegular(SecretDeclaration secret) {
        return new DeclaredSecretException(
                Reason.UNREADABLE,
                introduction(secret) + " again: it is not a regular file.",
                "Only regular files can be read anew. "
                        + (secret.reloadInterval() == null
                                ? "Set "
                                : "Take " + SecretNames.property(secret.name(), "reload-interval") + " out, or set ")
                        + secret.property() + " to a regular file.",
                null);
    }

    /** The file changed during every attempt to read it. */
    static DeclaredSecretException changing(SecretDeclaration secret, FileStamp.ChangingException e) {
        return new DeclaredSecretException(
                Reason.CHANGING,
                introduction(secret) + ": it changed each time while it was read.",
                "Write the new secret to another file of the same directory and rename that to the old name (mv does it in one"
                        + " step), or let a symbolic link lead to it, as Kubernetes does.",
                e);
    }

    private static String introduction(SecretDeclaration secret) {
        return secret.title() + " cannot be loaded from " + secret.location();
    }

    private static Reason reason(SecretDeclaration secret, SecretSourceException e) {
        return switch (e.reason()) {
            case MISSING -> Reason.MISSING;
            case EMPTY -> Reason.EMPTY;
            case TOO_LARGE -> Reason.TOO_LARGE;
            case UNREADABLE, TRUNCATED -> secret.location().isDirectory() ? Reason.DIRECTORY : Reason.UNREADABLE;
        };
    }

    private static String problem(SecretDeclaration secret, Reason reason, SecretSourceException e) {
        return switch (reason) {
            case MISSING -> "it does not exist.";
            case EMPTY -> secret.trim() ? "it is empty, or holds nothing but a line break." : "it is empty.";
            case TOO_LARGE -> "it has more than " + SecretDeclaration.MAX_LENGTH + " bytes.";
            case DIRECTORY -> "it is a directory, and not a file that can be read.";
            default ->
                e.getCause() == null
                        ? "it is not a file that can be read."
                        : "it cannot be read (" + e.getCause().getClass().getSimpleName() + ").";
        };
    }

    private static String remedy(SecretDeclaration secret, Reason reason) {
        String location = secret.property();
        return switch (reason) {
            case MISSING ->
                MOUNT_IT.formatted(location)
                        + (secret.required() ? orElse(secret, GO_WITHOUT, "required") : "")
                        + onDesk(secret);
            case EMPTY ->
                (secret.location() instanceof OfOrigin ? WRITE_IT : FILL_IT)
                        + (secret.trim() ? orElse(secret, KEEP_THE_BREAK, "trim") : "");
            case TOO_LARGE -> CHOOSE_ANOTHER.formatted(location, SecretDeclaration.MAX_LENGTH);
            case DIRECTORY -> NAME_THE_FILE.formatted(location);
            default -> MAKE_IT_READABLE.formatted(location);
        };
    }

    private static String onDesk(SecretDeclaration secret) {
        return secret.isNamed()
                ? MAKE_ONE.formatted(secret.property(), SecretNames.property(secret.name(), "generate"))
                : "";
    }

    /** A remedy that sets another property of the secret; empty if the secret can have no other properties. */
    private static String orElse(SecretDeclaration secret, String remedy, String property) {
        return secret.isNamed() ? remedy.formatted(SecretNames.property(secret.name(), property)) : "";
    }
}
