package io.securememory.spring.boot.properties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.jayway.jsonpath.JsonPath;
import io.securememory.testing.ModuleDirectory;
import io.securememory.testing.OnEverySystem;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/** What binds, what the metadata tells the editors, and what README tells the reader are the same. */
@OnEverySystem
class PropertyMetadataTest {

    /** Stands for the key of a map. */
    private static final String NAME = "<name>";

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `((?:securememory|management)\\.[^`]+)` \\|([^|]*)\\|");

    private static Map<String, Map<String, Object>> metadata;
    private static Map<String, Map<String, Object>> hints;
    private static Map<String, String> readme;

    @BeforeAll
    static void read() {
        metadata = metadata("$.properties");
        hints = metadata("$.hints");
        readme = readme();
    }

    /** A component of a record of properties. */
    private record Property(String name, RecordComponent component) {

        /** Null if it has none, or is a group. The annotation is for parameters, and so on the constructor only. */
        @Nullable
        String defaultValue() {
            Parameter parameter = Stream.of(component
                            .getDeclaringRecord()
                            .getDeclaredConstructors()[0]
                            .getParameters())
                    .filter(candidate -> candidate.getName().equals(component.getName()))
                    .findFirst()
                    .orElseThrow();
            DefaultValue annotation = parameter.getAnnotation(DefaultValue.class);
            return annotation == null || annotation.value().length == 0 ? null : String.join(",", annotation.value());
        }

        boolean isOfMap() {
            return name.contains(NAME);
        }

        boolean isMap() {
            return component.getType() == Map.class && !isOfMap();
        }
    }

    private static Stream<Property> bound() {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        return scanner.findCandidateComponents("io.securememory.spring.boot").stream()
                .map(BeanDefinition::getBeanClassName)
                .<Class<?>>map(name -> ClassUtils.resolveClassName(name, null))
                .filter(type -> !type.isMemberClass()) // Tests have some of their own.
                .flatMap(type -> properties(
                        type.getAnnotation(ConfigurationProperties.class).value(), type));
    }

    private static Stream<Property> properties(String prefix, Class<?> type) {
        return Stream.of(type.getRecordComponents()).flatMap(component -> {
            Property property = new Property(prefix + "." + kebab(component.getName()), component);
            if (property.isMap()) {
                var values = (ParameterizedType) component.getGenericType();
                Class<?> value = (Class<?>) values.getActualTypeArguments()[1];
                String name = property.name() + "." + NAME;
                return Stream.concat(
                        Stream.of(property),
                        value.isRecord() ? properties(name, value) : Stream.of(new Property(name, component)));
            }
            return component.getType().isRecord()
                    ? properties(property.name(), component.getType())
                    : Stream.of(property);
        });
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static List<DynamicTest> each(Stream<Property> properties, Consumer<Property> check) {
        List<DynamicTest> tests = properties
                .map(property -> dynamicTest(property.name(), () -> check.accept(property)))
                .toList();
        assertThat(tests).isNotEmpty();
        return tests;
    }

    @Test
    void recordsOfPropertiesAreFound() {
        assertThat(bound())
                .extracting(Property::name)
                .contains(
                        "securememory.enabled",
                        "securememory.mlock.policy",
                        "securememory.secrets.<name>.location",
                        "management.endpoint.securememory.show-names");
    }

    @TestFactory
    List<DynamicTest> whatIsBoundIsInTheMetadataWithItsDefault() {
        return each(bound().filter(property -> !property.isOfMap()), property -> {
            assertThat(metadata).as("metadata of " + property.name()).containsKey(property.name());
            assertThat(defaultOf(metadata.get(property.name())))
                    .as("default of " + property.name() + " in the metadata")
                    .isEqualTo(property.defaultValue());
        });
    }

    @TestFactory
    List<DynamicTest> whatIsBoundIsInReadmeWithItsDefault() {
        return each(bound().filter(property -> !property.isMap()), property -> {
            assertThat(readme).as("README's row of " + property.name()).containsKey(property.name());
            assertDefault(property.name(), property.defaultValue());
        });
    }

    @TestFactory
    List<DynamicTest> whatIsInTheMetadataIsInReadmeWithItsDefault() {
        return metadata.values().stream()
                .filter(property -> !property.get("type").toString().startsWith("java.util.Map"))
                .map(property -> dynamicTest(property.get("name").toString(), () -> {
                    String name = property.get("name").toString();
                    assertThat(readme).as("README's row of " + name).containsKey(name);
                    assertDefault(name, defaultOf(property));
                }))
                .toList();
    }

    /** As one writes it in a file of properties: several values with commas between. */
    private static @Nullable String defaultOf(Map<String, Object> property) {
        Object value = property.get("defaultValue");
        if (value instanceof List<?> values) {
            return values.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return value == null ? null : value.toString();
    }

    /** A default is code; words tell what happens without one. */
    private static void assertDefault(String name, @Nullable String defaultValue) {
        if (defaultValue == null) {
            assertThat(readme.get(name)).as("default of " + name + " in README").doesNotContain("`");
        } else {
            assertThat(readme.get(name)).as("default of " + name + " in README").isEqualTo("`" + defaultValue + "`");
        }
    }

    @Test
    void readmeHasNoOtherProperty() {
        List<String> known = Stream.concat(metadata.keySet().stream(), bound().map(Property::name))
                .toList();
        assertThat(readme.keySet()).isSubsetOf(known);
    }

    @TestFactory
    List<DynamicTest> descriptionsAreInTheStyleOfSpringBoot() {
        return metadata.entrySet().stream()
                .map(property -> dynamicTest(property.getKey(), () -> {
                    assertThat((String) property.getValue().get("description"))
                            .as("description of " + property.getKey())
                            .isNotBlank()
                            .endsWith(".")
                            .doesNotMatch("(?i)(a|an|the) .*")
                            .matches(Pattern.compile("[A-Z].*", Pattern.DOTALL))
                            .matches(
                                    text -> text.startsWith("Whether ")
                                            == property.getValue().get("type").equals("java.lang.Boolean"),
                                    "\"Whether\" for booleans, and for them only");
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> everyWordThatAPropertyTakesIsExplained() {
        return each(
                bound().filter(property -> property.component().getType().isEnum() && !property.isOfMap()),
                property -> {
                    assertThat(hints).as("hints of " + property.name()).containsKey(property.name());
                    List<Map<String, String>> values = JsonPath.read(hints.get(property.name()), "$.values");
                    assertThat(values)
                            .as("hints of " + property.name())
                            .extracting(value -> value.get("value"))
                            .containsExactlyInAnyOrder(
                                    words(property.component().getType()));
                    assertThat(values)
                            .as("hints of " + property.name())
                            .allSatisfy(value -> assertThat(value.get("description"))
                                    .isNotBlank()
                                    .endsWith("."));
                });
    }

    private static String[] words(Class<?> type) {
        return Stream.of(type.getEnumConstants())
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toArray(String[]::new);
    }

    /** Not a closed list: other signals are taken, too. */
    @Test
    void signalsAreSuggestedAndAmongThemAreTheDefaults() {
        List<String> suggested = JsonPath.read(hints.get("securememory.signals.names"), "$.values[*].value");
        List<String> defaults = JsonPath.read(metadata.get("securememory.signals.names"), "$.defaultValue");
        assertThat(suggested).containsAll(defaults).contains("USR1");
        assertThat(JsonPath.<List<String>>read(hints.get("securememory.signals.names"), "$.providers[*].name"))
                .containsExactly("any");
    }

    @Test
    void hintsAreForPropertiesThatThereAre() {
        assertThat(metadata.keySet()).containsAll(hints.keySet());
    }

    private static Map<String, Map<String, Object>> metadata(String path) {
        try (InputStream in =
                PropertyMetadataTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            List<Map<String, Object>> entries = JsonPath.read(in, path);
            return new TreeMap<>(entries.stream()
                    .collect(Collectors.toMap(entry -> entry.get("name").toString(), Function.identity())));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> readme() {
        try {
            return ROW.matcher(Files.readString(
                            ModuleDirectory.of(PropertyMetadataTest.class).resolveSibling("README.md")))
                    .results()
                    .collect(Collectors.toMap(
                            row -> row.group(1), row -> row.group(2).strip()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
