package io.securememory.spring.boot.testsupport;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.WhenLimitReached;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpointAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryHealthContributorAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryInfoContributorAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryMetricsAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryResidueEndpointAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemorySanitizingAutoConfiguration;
import io.securememory.spring.boot.properties.SecureMemorySettings;
import io.securememory.spring.boot.properties.SettingsConfiguration;
import io.securememory.testing.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.mock.env.MockEnvironment;

/** What tests of several classes need. */
public final class Starter {

    /** Long and odd enough to be found nowhere by chance. */
    public static final String MARKER = "Zwölf-Boxkämpfer-jagen-Viktor-4711";

    /** Pages that a session locks at start for sealing, unless its limit has less than eight. */
    public static final int SEALING_PAGES = 3;

    /** For tests that drop secrets and count them after that: no garbage collection wipes one in between. */
    public static final String KEEPS_DROPPED_SECRETS = "securememory.leak-detection=off";

    private Starter() {}

    /** A context with all auto-configurations of this module and none of Spring Boot's. */
    public static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        SecureMemoryAutoConfiguration.class,
                        SecureMemoryEndpointAutoConfiguration.class,
                        SecureMemoryHealthContributorAutoConfiguration.class,
                        SecureMemoryInfoContributorAutoConfiguration.class,
                        SecureMemoryMetricsAutoConfiguration.class,
                        SecureMemoryResidueEndpointAutoConfiguration.class,
                        SecureMemorySanitizingAutoConfiguration.class));
    }

    /** What Spring Boot binds of properties, each with its value, without a context. */
    public static SecureMemorySettings bound(String... properties) {
        MockEnvironment environment = new MockEnvironment();
        for (String property : properties) {
            String[] nameAndValue = property.split("=", 2);
            environment.setProperty(nameAndValue[0], nameAndValue[1]);
        }
        return SettingsConfiguration.bind(environment);
    }

    /** An application in a virtual machine of its own. */
    public static ChildJvm child(Class<?> main) {
        return ChildJvm.onTestClassPath(main).quickStart();
    }

    /** The property that declares a secret at a file. */
    public static String location(String secret, Path file) {
        return "securememory.secrets." + secret + ".location=file:" + file;
    }

    public static Path write(Path directory, String file, String text) {
        try {
            Path path = Files.writeString(directory.resolve(file), text);
            return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What one class has logged at a level: other threads of this virtual machine may log meanwhile. */
    public static List<String> logged(CapturedOutput output, String level, Class<?> logger) {
        return output.getAll()
                .lines()
                .filter(line -> line.contains(level) && line.contains(logger.getSimpleName()))
                .toList();
    }

    public static String text(Secret secret) {
        return secret.withHeapChars(String::new);
    }

    /** What one small secret takes of the lock limit. */
    public static long pageSize() {
        return PageSize.BYTES;
    }

    /** Asked for once. */
    private static final class PageSize {

        static final long BYTES = measured();

        private static long measured() {
            SecureMemoryOptions options = SecureMemoryOptions.builder()
                    .whenLimitReached(WhenLimitReached.FAIL)
                    .build();
            try (SecureMemory session = SecureMemory.create(options)) {
                Secret secret = session.secrets().createRandom(1);
                long bytes = session.status().lockedBytes();
                secret.close();
                return bytes;
            }
        }
    }
}
