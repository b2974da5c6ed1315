package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.Storage;
import io.securememory.spring.boot.properties.SecretEncoding;
import io.securememory.spring.boot.secrets.SecretLocation;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.io.ResourceLoader;

/**
 * Masks values that endpoints show below {@code securememory.secrets}, even if the application lets endpoints show values.
 *
 * <p>No value there is a secret, unless someone wrote one there by mistake. So this shows only values that are certainly not
 * secrets, and masks all others:
 *
 * <ul>
 *   <li>a location is shown while something exists there: a secret that was written after {@code file:}, or instead of a
 *       location, names nothing that exists;
 *   <li>a property that is not text is shown if the value has its type;
 *   <li>everything else is masked, including unknown properties, because nothing refuses them where Secure Memory is disabled.
 * </ul>
 *
 * <p>The names of the secrets that are the private key of an SSL bundle, its passphrase, or the key of JWTs are also masked:
 * someone may have written the key or the passphrase there.
 *
 * <p>A value elsewhere that contains such a property is masked as a whole, for example a command line, or a JSON document in an
 * environment variable.
 *
 * <p><b>Limits.</b> It knows names, not secrets. It does not mask the variable that a placeholder in a location refers to,
 * which is another property.
 *
 * <p><b>Threading.</b> Safe for use by several threads. Accesses the file system for each location.
 */
final class SecretPropertySanitizer implements SanitizingFunction {

    /**
     * The prefix without what divides its words, so that it covers all forms of relaxed binding and of environment variables.
     */
    private static final String PREFIX = "securememorysecrets";

    private static final String SSL_PREFIX = "securememorysslbundle";

    private static final String JWT_SECRET = "securememoryjwtsecret";

    /** Properties that are not text, by their names without dashes. */
    private static final Map<String, Class<?>> TYPES = Map.ofEntries(
            Map.entry("trim", Boolean.class),
            Map.entry("required", Boolean.class),
            Map.entry("allowworldreadable", Boolean.class),
            Map.entry("storage", Storage.class),
            Map.entry("encoding", SecretEncoding.class),
            Map.entry("generate", Integer.class),
            Map.entry("reloadinterval", Duration.class),
            Map.entry("timeout", Duration.class),
            Map.entry("graceperiod", Duration.class),
            Map.entry("retries", Integer.class),
            Map.entry("allowplaintext", Boolean.class));

    private static final Pattern NO_WORD = Pattern.compile("[^\\p{Alnum}]+");

    private final ResourceLoader resources;

    SecretPropertySanitizer(ResourceLoader resources) {
        this.resources = resources;
    }

    @Override
    public SanitizableData apply(SanitizableData data) {
        Object value = data.getValue();
        if (value == null) {
            return data;
        }
        String key = words(data.getKey());
        return isMasked(key, value) ? data.withSanitizedValue() : data;
    }

    private boolean isMasked(String key, Object value) {
        if (key.startsWith(PREFIX)) {
            return !isHarmless(key, value);
        }
        boolean namesSecret = key.equals(JWT_SECRET)
                || (key.startsWith(SSL_PREFIX) && (key.endsWith("privatekey") || key.endsWith("privatekeypassword")));
        return namesSecret || words(value.toString()).contains(PREFIX);
    }

    private static String words(String text) {
        return NO_WORD.matcher(text).replaceAll("").toLowerCase(Locale.ROOT);
    }

    private boolean isHarmless(String key, Object value) {
        if (key.endsWith("location")) {
            return isLocation(value.toString());
        }
        return TYPES.entrySet().stream()
                .anyMatch(type -> key.endsWith(type.getKey()) && isOfType(value, type.getValue()));
    }

    private boolean isLocation(String value) {
        try {
            return SecretLocation.of(value, resources).exists();
        } catch (RuntimeException e) {
            return false; // It is no path at all, and may be a secret.
        }
    }

    private static boolean isOfType(Object value, Class<?> type) {
        try {
            return ApplicationConversionService.getSharedInstance().convert(value, type) != null;
        } catch (ConversionException e) {
            return false;
        }
    }
}
