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
 * Fails the start early with a Spring Boot that is too old. Without it the types of health and metrics would not be found
 * where they are since version 4, and an application would run without what it is watched by.
 *
 * <p>Uses no type that an older Spring Boot does not have. A version that is newer or not known passes.
 */
final class SpringBootVersionCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    static final int OLDEST = 4;

    private static final Pattern MAJOR = Pattern.compile("(\\d{1,9})\\..*");

    private final Supplier<@Nullable String> version;

    /** For Spring Boot. */
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

    /** As text: what is no boolean is refused later, and with a better message. */
    static boolean isEnabled(Environment environment) {
        String enabled = environment.getProperty(SecureMemorySettings.PREFIX + ".enabled", "true");
        return !enabled.equalsIgnoreCase("false");
    }
}
