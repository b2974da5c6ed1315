package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.properties.NearestName;
import io.securememory.spring.boot.properties.SecretBinding;
import io.securememory.spring.boot.properties.SecretNames;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Lists the secrets of an application, for messages about a secret that does not exist. Creates no bean and reads no
 * file.
 */
final class SecretBeans {

    /** What to do instead of injecting a secret as another type. */
    static final String READ_IT = """
            Inject io.securememory.Secret, and read it where it is used: withBytes, without a copy; withHeapBytes or withHeapChars, \
            with an array that is wiped at the end of the action; withKey for the JDK's Cipher and Mac. For an interface that \
            accepts only a String, make the String inside withHeapChars; nothing can wipe it.""";

    private final @Nullable ConfigurableListableBeanFactory beans;
    private final Environment environment;

    SecretBeans(BeanFactory beans, Environment environment) {
        this.beans = beans instanceof ConfigurableListableBeanFactory factory ? factory : null;
        this.environment = environment;
    }

    /** Tells whether Secure Memory is configured, so that properties can declare secrets. */
    boolean areConfigured() {
        return beans != null && beans.containsBeanDefinition(DeclaredSecrets.BEAN_NAME);
    }

    /** Returns the names of all secrets that have a bean, including beans that the application defines. */
    Set<String> names() {
        ConfigurableListableBeanFactory factory = beans;
        return factory == null
                ? Set.of()
                : new TreeSet<>(Set.of(factory.getBeanNamesForType(Secret.class, true, false)));
    }

    /** Returns the names of optional secrets that were absent. */
    Set<String> leftOut() {
        Set<String> all = new TreeSet<>(declared());
        all.removeAll(names());
        return all;
    }

    private Set<String> declared() {
        try {
            return SecretBinding.declared(environment).keySet();
        } catch (DeclaredSecretException e) {
            return Set.of(); // This is a different failure, which has its own analysis.
        }
    }

    /** Returns the secret that a misspelled name probably means, or null if no name is similar. */
    @Nullable
    String nearest(String name) {
        return NearestName.of(name, names()).orElse(null);
    }

    /** Lists all names, in complete sentences. */
    String list() {
        if (!areConfigured()) {
            return "No secrets are declared here, because Secure Memory is not configured.";
        }
        Set<String> sentences = new LinkedHashSet<>();
        sentences.add(names().isEmpty() ? "There is no secret." : "There are the secrets " + quoted(names()) + ".");
        if (!leftOut().isEmpty()) {
            sentences.add("Declared and optional, but with nothing at their location: " + quoted(leftOut()) + ".");
        }
        return String.join("\n", sentences);
    }

    private static String quoted(Set<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    /** Says what to do about a name that no secret has, or, for null, about a missing secret without a name. */
    String remedy(@Nullable String name) {
        if (!areConfigured()) {
            return """
                    Do what fits.
                    - Remove securememory.enabled=false, and do not exclude SecureMemoryAutoConfiguration.
                    - In a test of a slice: @TestSecret(name = "...") of securememory-test, or
                      @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class).""";
        }
        if (name != null && leftOut().contains(name)) {
            return "Put the secret where " + SecretNames.property(name, "location") + " says, or inject"
                    + " ObjectProvider<Secret>, which may be empty.";
        }
        String nearest = name == null ? null : nearest(name);
        String other =
                nearest == null ? "" : "Write @Qualifier(\"" + nearest + "\") if you mean this secret. Otherwise: ";
        String location =
                name == null ? "securememory.secrets.<name>.location" : SecretNames.property(name, "location");
        return other + "Declare the secret by " + location
                + ", which says where its file is, or by generate instead of"
                + " location for random bytes. A profile that is not active, or a file that is not read, declares nothing.";
    }
}
