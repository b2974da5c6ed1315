package io.securememory.spring.boot.properties;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.env.PropertySourceInfo;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * A property below {@code securememory} as it is written in one source. Keeps names and never a value.
 *
 * @param text its whole name in the source
 * @param local its name without the prefix that an application gives its environment variables
 * @param isVariable whether it is an environment variable, whose name has no dots and no dashes
 */
record WrittenProperty(String text, String local, EnumerablePropertySource<?> source, boolean isVariable) {

    /** Ends of the variables that Kubernetes and Docker set for a service, after its name. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("_(?:SERVICE_HOST|SERVICE_PORT(?:_.+)?|PORT(?:_\\d+_[A-Z]+(?:_(?:PROTO|PORT|ADDR))?)?)");

    private static final Pattern DIVIDER = Pattern.compile("_+");

    /** Returns all properties that can be enumerated, in the order of their precedence. */
    static List<WrittenProperty> all(ConfigurableEnvironment environment) {
        return environment.getPropertySources().stream()
                .filter(source -> !(source instanceof VariablesSource))
                .flatMap(WrittenProperty::of)
                .toList();
    }

    private static Stream<WrittenProperty> of(PropertySource<?> source) {
        if (!(source instanceof EnumerablePropertySource<?> names)) {
            return Stream.empty();
        }
        String prefix = source instanceof PropertySourceInfo info ? info.getPrefix() : null;
        return Arrays.stream(names.getPropertyNames())
                .filter(text -> NearestName.letters(text).contains(SecureMemorySettings.PREFIX))
                .flatMap(text -> of(text, prefix, names));
    }

    private static Stream<WrittenProperty> of(
            String text, @Nullable String prefix, EnumerablePropertySource<?> source) {
        String local = prefix == null ? text : withoutPrefix(text, prefix);
        boolean isVariable = isEnvironment(source) && !local.contains(".");
        WrittenProperty property = new WrittenProperty(text, local, source, isVariable);
        return property.isOurs() ? Stream.of(property) : Stream.empty();
    }

    private static String withoutPrefix(String text, String prefix) {
        boolean isPrefixed = text.length() > prefix.length() && text.regionMatches(true, 0, prefix, 0, prefix.length());
        return isPrefixed ? text.substring(prefix.length() + 1) : "";
    }

    /** Decides as Spring Boot does. */
    private static boolean isEnvironment(PropertySource<?> source) {
        return source instanceof SystemEnvironmentPropertySource
                && source.getName().endsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
    }

    private boolean isOurs() {
        if (isVariable) {
            List<String> words = words();
            return words.size() > 1 && words.get(0).equals(SecureMemorySettings.PREFIX) && !isServiceLink();
        }
        ConfigurationPropertyName name = name();
        return name.getNumberOfElements() > 1
                && name.getElement(0, Form.UNIFORM).equals(SecureMemorySettings.PREFIX);
    }

    /**
     * Tells whether this is a variable that Kubernetes or Docker sets for a service. The name of a service may itself contain
     * such an end, so each underscore may be the boundary.
     */
    private boolean isServiceLink() {
        return IntStream.range(1, text.length())
                .filter(end -> text.charAt(end) == '_')
                .anyMatch(end ->
                        SERVICE_LINK.matcher(text).region(end, text.length()).matches()
                                && source.containsProperty(text.substring(0, end) + "_SERVICE_HOST"));
    }

    /** Returns the name as Spring Boot reads it. */
    ConfigurationPropertyName name() {
        return ConfigurationPropertyName.adapt(local, '.');
    }

    /**
     * Returns the words of an environment variable, which underscores divide. They are in lower case and otherwise as they are
     * written. Our prefix counts as one word, even if it is written as several.
     */
    List<String> rawWords() {
        List<String> words = dividedWords();
        int prefix = wordsOfPrefix(words);
        return prefix < 2
                ? words
                : Stream.concat(
                                Stream.of(SecureMemorySettings.PREFIX),
                                words.stream().skip(prefix))
                        .toList();
    }

    private List<String> dividedWords() {
        return DIVIDER.splitAsStream(local)
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static int wordsOfPrefix(List<String> words) {
        List<String> letters = letters(words);
        return IntStream.rangeClosed(1, words.size())
                .filter(end -> KnownProperty.spells(List.of(SecureMemorySettings.PREFIX), letters.subList(0, end)))
                .findFirst()
                .orElse(0);
    }

    /** Tells whether it is a variable with an underscore inside our prefix, which is another prefix for Spring Boot. */
    boolean hasDividedPrefix() {
        return isVariable && wordsOfPrefix(dividedWords()) > 1;
    }

    /** Returns the words of an environment variable, reduced to letters and digits. */
    List<String> words() {
        return letters(rawWords());
    }

    private static List<String> letters(List<String> words) {
        return words.stream().map(NearestName::letters).toList();
    }

    /**
     * Returns an element of a name with dots as it is written. Null if it is in brackets, or if brackets elsewhere hide it.
     */
    @Nullable
    String rawElement(int index) {
        List<String> elements = Arrays.stream(local.replaceAll("\\[.*?]", ".[").split("\\."))
                .filter(element -> !element.isEmpty())
                .toList();
        return index < elements.size() && !elements.get(index).contains("[") ? elements.get(index) : null;
    }

    /** Tells whether there is a value, and not only a YAML key with nothing below it. */
    boolean hasValue() {
        Object value = source.getProperty(text);
        return value != null && !value.toString().isEmpty();
    }

    /** Returns how messages call it, with the place where it is written. */
    String title() {
        if (isVariable) {
            return "The environment variable " + text;
        }
        Origin origin = OriginLookup.getOrigin(source, text);
        return "The property " + text + " (" + (origin == null ? "in " + source.getName() : origin) + ")";
    }

    /** Tells whether this is a certain property, or below it. */
    boolean isAtOrBelow(String property) {
        List<String> elements = List.of(property.split("\\."));
        if (!isVariable) {
            return KnownProperty.isAtOrBelow(elements, name());
        }
        List<String> words = letters(dividedWords()); // The prefix of another module may have the letters of ours.
        return IntStream.rangeClosed(1, words.size())
                .anyMatch(end -> KnownProperty.spells(elements, words.subList(0, end)));
    }

    /** Returns what is written after the prefix. */
    String afterPrefix() {
        return isVariable
                ? String.join("", words().subList(1, words().size()))
                : name().subName(1).toString();
    }

    /** Returns what is written after the name that a user chooses, where a property of a map has its own part. */
    String inPlaceOf(KnownProperty known) {
        int begin = known.map().size() + 1;
        if (isVariable) {
            List<String> words = words();
            return String.join("", words.subList(Math.min(words.size(), afterName(known)), words.size()));
        }
        ConfigurationPropertyName name = name();
        return name.getNumberOfElements() > begin ? name.subName(begin).toString() : "";
    }

    /**
     * Returns the index of the first word after the name in a variable. The property has as many words as its own part has, and
     * the name has at least one.
     */
    private int afterName(KnownProperty known) {
        int words = String.join("-", known.afterName()).split("-").length;
        return Math.max(known.map().size() + 1, words().size() - words);
    }

    /** Returns the name that a user has chosen, assuming that a certain property was meant. */
    String nameFor(KnownProperty known) {
        if (!known.isOfMap()) {
            return "";
        }
        int begin = known.map().size();
        if (isVariable) {
            List<String> words = rawWords();
            int end = Math.min(words.size(), afterName(known));
            return begin < end ? String.join("-", words.subList(begin, end)) : KnownProperty.NAME;
        }
        ConfigurationPropertyName name = name();
        return name.getNumberOfElements() > begin ? name.getElement(begin, Form.ORIGINAL) : KnownProperty.NAME;
    }

    /** Returns the last element, or the last word of a variable, reduced to letters and digits. */
    String lastWord() {
        List<String> words = isVariable ? words() : List.of();
        return isVariable ? words.get(words.size() - 1) : name().getLastElement(Form.UNIFORM);
    }

    /** Returns how to write it, assuming that a certain property was meant. */
    String corrected(KnownProperty known) {
        return isVariable ? known.asVariable(nameFor(known)) : known.withName(nameFor(known));
    }
}
