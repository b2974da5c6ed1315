package io.securememory.spring.boot.autoconfigure;

import io.securememory.MemoryLimitException;
import io.securememory.SecretSourceException;

/** Words for what can go wrong with a declared secret, and for what helps. */
final class SecretFailures {

    private static final String NOT_INTO_A_PROPERTY = " Never put the secret itself into a property: properties stay on"
            + " the Java heap and show up in logs and actuator endpoints. If it was written there, replace it by a new one.";

    private static final String MOUNT_IT = """
            Mount the file, or set %s to where it is.
            - Docker Compose: list the secret under secrets: of the service; it appears as /run/secrets/<name>.
            - Kubernetes: mount the Secret as a volume (volumes and volumeMounts) and name the file of one key.
            - If the application can do without it: set %s=false.""";

    private static final String FILL_IT = """
            Write the secret to it. Often the command that was to write it has failed, or the variable that it was taken \
            from was not set.
            - If a line break is the secret: set %s=false.""";

    private static final String CHOOSE_ANOTHER =
            "Set %s to a file that holds this one secret and nothing else, at most %d bytes.";

    private static final String MAKE_IT_READABLE = """
            Set %s to a file, not a directory, that the user of this process may read.
            - Docker Compose: uid, gid and mode of the secret.
            - Kubernetes: securityContext.fsGroup of the pod and defaultMode of the volume.""";

    private SecretFailures() {}

    /** The location of one secret is no location. */
    static DeclaredSecretException badLocation(String name, String problem) {
        String property = SecretNames.property(name, "location");
        return new DeclaredSecretException(
                "The property " + property + " " + problem + ".",
                "Write the secret to a file and set " + property + " to where it is, for example file:/run/secrets/"
                        + name + ", or to a resource after classpath:." + NOT_INTO_A_PROPERTY,
                null);
    }

    /** A property below {@code securememory.secrets} has the wrong type or place. */
    static DeclaredSecretException badProperty(String property) {
        return new DeclaredSecretException(
                "The property " + property + " cannot be bound. Its value is not shown, because it may be a secret.",
                "A secret is declared by securememory.secrets.<name>.location, which begins with file: or classpath:, and by"
                        + " .trim and .required of the same name, which are true or false, and .storage, which is"
                        + " protected or sealed." + NOT_INTO_A_PROPERTY,
                null);
    }

    /** There is a bean of the secret's name. */
    static DeclaredSecretException nameTaken(String name) {
        return new DeclaredSecretException(
                "The secret '" + name + "' is to be a bean of this name, but there is another bean named '" + name
                        + "'.",
                "Choose another name for the secret below securememory.secrets, or rename the other bean.",
                null);
    }

    /** The text is not there, or is not fit to be a secret. */
    static DeclaredSecretException notLoaded(SecretDeclaration secret, SecretSourceException e) {
        return new DeclaredSecretException(
                introduction(secret) + ": " + problem(e), remedy(secret.name(), e.reason()), e);
    }

    /** The memory for the text cannot be locked. */
    static DeclaredSecretException notLoaded(SecretDeclaration secret, MemoryLimitException e) {
        return new DeclaredSecretException(
                introduction(secret) + ". " + MemoryLimitFailureAnalyzer.describe(e),
                MemoryLimitFailureAnalyzer.remedy(e),
                e);
    }

    private static String introduction(SecretDeclaration secret) {
        return "The secret '" + secret.name() + "' (" + SecretNames.property(secret.name(), "location")
                + ") cannot be loaded from " + secret.location();
    }

    private static String problem(SecretSourceException e) {
        return switch (e.reason()) {
            case MISSING -> "it does not exist.";
            case EMPTY -> "it is empty, or holds nothing but a line break.";
            case TOO_LARGE -> "it has more than " + SecretLoader.MAX_LENGTH + " bytes.";
            case UNREADABLE, TRUNCATED ->
                e.getCause() == null
                        ? "it is not a file that can be read."
                        : "it cannot be read (" + e.getCause().getClass().getSimpleName() + ").";
        };
    }

    private static String remedy(String name, SecretSourceException.Reason reason) {
        String location = SecretNames.property(name, "location");
        return switch (reason) {
            case MISSING -> MOUNT_IT.formatted(location, SecretNames.property(name, "required"));
            case EMPTY -> FILL_IT.formatted(SecretNames.property(name, "trim"));
            case TOO_LARGE -> CHOOSE_ANOTHER.formatted(location, SecretLoader.MAX_LENGTH);
            case UNREADABLE, TRUNCATED -> MAKE_IT_READABLE.formatted(location);
        };
    }
}
