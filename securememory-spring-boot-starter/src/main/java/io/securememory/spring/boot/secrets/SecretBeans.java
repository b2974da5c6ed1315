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

/** Which secrets there are, for those who asked for another one. Makes no bean and reads no file. */
final class SecretBeans {

    /** What to write in the place of a type that a secret is not. */
    static final String READ_IT = """
            Inject io.securememory.Secret, and read it where it is used: withBytes, without a copy; withHeapBytes or withHeapChars, \
            with an array that is wiped at the end of the action; withKey for the JDK's Cipher and Mac. What takes nothing but a \
            String gets one that is made inside of withHeapChars, which nothing can wipe.""";

    private final @Nullable ConfigurableListableBeanFactory beans;
    private final Environment environment;

    SecretBeans(BeanFactory beans, Environment environment) {
        this.beans = beans instanceof ConfigurableListableBeanFactory factory ? factory : null;
        this.environment = environment;
    }

    /** Whether secrets are declared by properties at all. */
    boolean areConfigured() {
        return beans != null && beans.containsBeanDefinition(DeclaredSecrets.BEAN_NAME);
    }

    /** Names of those that have a bean, of the application's own, too. */
    Set<String> names() {
        ConfigurableListableBeanFactory factory = beans;
        return factory == null
                ? Set.of()
                : new TreeSet<>(Set.of(factory.getBeanNamesForType(Secret.class, true, false)));
    }

    /** Names of optional ones that had nothing at their location. */
    Set<String> leftOut() {
        Set<String> all = new TreeSet<>(declared());
        all.removeAll(names());
        return all;
    }

    private Set<String> declared() {
        try {
            return SecretBinding.declared(environment).keySet();
        } catch (DeclaredSecretException e) {
            return Set.of(); // That is another failure, and has its own analysis.
        }
    }

    /** The declared secret that someone means who writes a name; null if none is near. */
    @Nullable
    String nearest(String name) {
        return NearestName.of(name, names()).orElse(null);
    }

    /** Lists all names, in whole sentences. */
    String list() {
        if (!areConfigured()) {
            return "No secrets are declared here, as Secure Memory is not configured.";
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

    /** What to do about a name that no secret has, or null for any. */
    String remedy(@Nullable String name) {
        if (!areConfigured()) {
            return """
                    Do what fits.
                    - Take securememory.enabled=false out, and SecureMemoryAutoConfiguration out of what is excluded.
                    - In a test of a slice: @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class).""";
        }
        if (name != null && leftOut().contains(name)) {
            return "Put the secret where " + SecretNames.property(name, "location") + " says, or inject"
                    + " ObjectProvider<Secret>, which may be empty.";
        }
        String nearest = name == null ? null : nearest(name);
        String other = nearest == null ? "" : "Write @Qualifier(\"" + nearest + "\") if this one is meant. Otherwise: ";
        String location =
                name == null ? "securememory.secrets.<name>.location" : SecretNames.property(name, "location");
        return other + "Declare the secret by " + location
                + ", which says where its file is, or by generate in the place of"
                + " location for random bytes. A profile or a file that is not read declares nothing.";
    }
}
