package io.securememory.spring.boot.properties;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Names of declared secrets as keys of a map of properties. */
public final class SecretNames {

    private SecretNames() {}

    /**
     * Keeps one of each group of names that relaxed binding cannot tell apart.
     *
     * <p>An environment variable has no dashes. If a file declares the secret {@code webhook-key}, the variable
     * {@code SECUREMEMORY_SECRETS_WEBHOOKKEY_LOCATION} sets its location. It also makes the binder add a second key,
     * {@code webhookkey}, with the same values. Without this method, there would be two secrets, and injection by type would
     * fail.
     */
    public static <T> Map<String, T> withoutAliases(Map<String, T> secrets) {
        Map<String, String> chosen = new LinkedHashMap<>();
        secrets.keySet().forEach(name -> chosen.merge(uniform(name), name, SecretNames::better));
        Map<String, T> result = new LinkedHashMap<>(secrets);
        result.keySet().retainAll(chosen.values());
        return result;
    }

    /** Returns, of two names for the same properties, the one that was not derived from an environment variable. */
    private static String better(String first, String second) {
        return first.equals(uniform(first)) ? second : first;
    }

    /** Returns a form that is equal for all names that relaxed binding cannot tell apart. */
    static String uniform(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Returns the name of a secret's property, as users write it. */
    public static String property(String name, String property) {
        return property(SecureMemorySettings.PREFIX + ".secrets", name, property);
    }

    /** Returns the name of a property of an entry of a map, as users write it. */
    public static String property(String map, String name, String property) {
        boolean plain = name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_');
        return map + (plain ? "." + name : "[" + name + "]") + "." + property;
    }
}
