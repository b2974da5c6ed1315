package io.securememory.spring.boot.properties;

import io.securememory.SecureMemoryOptions;
import java.time.Duration;
import java.util.Map;

/**
 * What the features of this starter read of the properties below {@code securememory}. The properties themselves, each with its
 * default, are the components of {@link SecureMemoryProperties}, which only the binding of Spring Boot makes.
 */
public interface SecureMemorySettings {

    /** What all properties of Secure Memory begin with. */
    String PREFIX = "securememory";

    /** Returns what the session is made with. */
    SecureMemoryOptions toOptions();

    /** Returns the longest wait for threads that read a secret while it is closed or purged. */
    Duration closeTimeout();

    /** Returns the percentage of the limit of locked memory from which the health shows a warning. */
    int lockWarnThreshold();

    /** Returns the secrets to load, by name; not yet checked. */
    Map<String, DeclaredSecret> secrets();
}
