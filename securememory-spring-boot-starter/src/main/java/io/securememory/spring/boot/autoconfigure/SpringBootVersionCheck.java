package io.securememory.spring.boot.autoconfigure;

import io.securememory.spring.boot.properties.SecureMemorySettings;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Makes the start fail early if Spring Boot is too old. Version 4 moved the types of health and metrics. Without this
 * check, they would not be found in an older version, and the application would run without its health indicator and
 * metrics.
 *
 * <p>Uses only types that older versions of Spring Boot have, too. A newer version or an unknown one passes.
 */
final class SpringBootVersionCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    static final int OLDEST = 4;

    private static final Pattern MAJOR = Pattern.compile("(\\d{1,9})\\..*");

    private final Supplier<@Nullable String> version;

    /** Called by Spring Boot. */
    SpringBootVersionCheck() {
        this(SpringBootVersion::getVersion);
    }

    SpringBootVersionCheck(Supplier<@Nullable String> version) {
        this.version = version;
    }

    /**
     * Checks the version.
     *
     * @throws UnsupportedSpringBootException if it is too old and Secure Memory is not disabled
     */
    @Override
    public void initialize(ConfigurableApplicationContext context) {
        String found = version.get();
        if (found != null && isTooOld(found) && isEnabled(context.getEnvironment())) {
            throw new UnsupportedSpringBootException(found);
        }
    }

    private static boolean isTooOld(String version) {
        Matcher major = MAJOR.matcher(version);
        return major.matches() && Integer.parseInt(major.group(1)) < OLDEST;
    }

    /** Compares text: a value that is not a boolean is refused later, with a better message. */
    static boolean isEnabled(Environment environment) {
        String enabled = environment.getProperty(SecureMemorySettings.PREFIX + ".enabled", "true");
        return !enabled.equalsIgnoreCase("false");
    }
}
