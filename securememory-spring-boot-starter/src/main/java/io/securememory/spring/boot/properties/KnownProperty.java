package io.securememory.spring.boot.properties;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * A property that exists below {@code securememory}.
 *
 * @param elements the parts of its name, with dashes between words; {@link #NAME} where a user chooses one
 * @param isList whether it has several values
 */
record KnownProperty(List<String> elements, boolean isList) {

    /** Stands for the key of a map. */
    static final String NAME = "<name>";

    /** The records that the properties are bound to. */
    static final List<Class<?>> RECORDS = List.of(
            SecureMemoryProperties.class,
            SecureMemoryLifecycleProperties.class,
            SecureMemorySslProperties.class,
            SecureMemoryJwtProperties.class,
            SecureMemoryCredentialsProperties.class);

    /** All properties. */
    static final List<KnownProperty> ALL =
            RECORDS.stream().flatMap(type -> below(prefix(type), type)).toList();

    private static List<String> prefix(Class<?> type) {
        ConfigurationProperties annotation =
                Objects.requireNonNull(type.getAnnotation(ConfigurationProperties.class), type::getName);
        return List.of(annotation.value().split("\\."));
    }

    private static Stream<KnownProperty> below(List<String> parent, Class<?> type) {
        return Stream.of(type.getRecordComponents()).flatMap(component -> {
            List<String> elements = child(parent, kebab(component.getName()));
            Class<?> value = component.getType();
            if (Map.class.isAssignableFrom(value)) {
                return of(child(elements, NAME), typeOfValues(component));
            }
            return of(elements, value);
        });
    }

    private static Stream<KnownProperty> of(List<String> elements, Class<?> value) {
        return value.isRecord()
                ? below(elements, value)
                : Stream.of(new KnownProperty(elements, Collection.class.isAssignableFrom(value)));
    }

    private static Class<?> typeOfValues(RecordComponent component) {
        return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1];
    }

    private static List<String> child(List<String> parent, String element) {
        return Stream.concat(parent.stream(), Stream.of(element)).toList();
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** Returns the last part of the name. */
    String last() {
        return elements.get(elements.size() - 1);
    }

    /** Tells whether users choose a part of the name. */
    boolean isOfMap() {
        return elements.contains(NAME);
    }

    /** The elements before the one that a user chooses. */
    List<String> map() {
        return elements.subList(0, elements.indexOf(NAME));
    }

    /** The elements after the one that a user chooses. */
    List<String> afterName() {
        return elements.subList(elements.indexOf(NAME) + 1, elements.size());
    }

    /** Tells whether Spring Boot binds a name to this property. Any name that a user chooses is accepted. */
    boolean matches(ConfigurationPropertyName name) {
        int size = name.getNumberOfElements();
        boolean isEntry = isList && size == elements.size() + 1 && name.isNumericIndex(size - 1);
        return (isEntry || size == elements.size()) && isSame(elements, name);
    }

    /** Tells whether a name consists of some elements, or begins with them. */
    static boolean isAtOrBelow(List<String> elements, ConfigurationPropertyName name) {
        return name.getNumberOfElements() >= elements.size() && isSame(elements, name);
    }

    /** Tells whether this property is below a name. The name is then no property itself. */
    boolean isBelow(ConfigurationPropertyName name) {
        int size = name.getNumberOfElements();
        return size < elements.size() && isSame(elements.subList(0, size), name);
    }

    /**
     * Tells whether metadata with a name describes this property. The name may be that of the property, of its map or of its
     * group.
     */
    boolean isDescribedBy(ConfigurationPropertyName name) {
        List<String> described = isOfMap() ? map() : elements;
        int size = name.getNumberOfElements();
        return size <= described.size() && isSame(described.subList(0, size), name);
    }

    private static boolean isSame(List<String> elements, ConfigurationPropertyName name) {
        for (int i = 0; i < elements.size(); i++) {
            String element = elements.get(i);
            if (!element.equals(NAME) && !letters(element).equals(name.getElement(i, Form.UNIFORM))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Finds the part of an environment variable that a user has chosen as a name.
     *
     * @param words of the variable, in letters and digits
     * @return the index of the first word and the index after the last word; two equal numbers if users choose no name in this
     *     property; null if the variable does not set this property
     */
    int @Nullable [] nameIn(List<String> words) {
        int last = words.size() - 1;
        boolean isEntry = isList && last > 0 && words.get(last).chars().allMatch(Character::isDigit);
        List<String> all = isEntry ? words.subList(0, last) : words;
        if (!isOfMap()) {
            return spells(elements, all) ? new int[] {0, 0} : null;
        }
        for (int from = 1; from < all.size(); from++) {
            for (int to = all.size() - 1; to > from; to--) {
                if (spells(map(), all.subList(0, from)) && spells(afterName(), all.subList(to, all.size()))) {
                    return new int[] {from, to};
                }
            }
        }
        return null;
    }

    /** Tells whether words spell elements. Each element must begin and end at the boundary of a word. */
    static boolean spells(List<String> elements, List<String> words) {
        int word = 0;
        for (String element : elements) {
            String rest = letters(element);
            while (!rest.isEmpty() && word < words.size() && rest.startsWith(words.get(word))) {
                rest = rest.substring(words.get(word).length());
                word++;
            }
            if (!rest.isEmpty()) {
                return false;
            }
        }
        return word == words.size();
    }

    private static String letters(String element) {
        return element.replace("-", "");
    }

    /** Returns the property as users write it, with a name instead of {@link #NAME}. */
    String withName(String name) {
        return isOfMap() && !name.equals(NAME)
                ? SecretNames.property(String.join(".", map()), name, String.join(".", afterName()))
                : String.join(".", elements);
    }

    /** Returns the property as users write it in the environment. */
    String asVariable(String name) {
        return elements.stream()
                .map(element -> element.equals(NAME) ? name : element)
                .map(element -> element.replaceAll("[^\\p{L}\\p{Nd}<>]+", "_").toUpperCase(Locale.ROOT))
                .collect(Collectors.joining("_"));
    }
}
