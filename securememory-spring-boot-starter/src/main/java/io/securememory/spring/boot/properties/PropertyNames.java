package io.securememory.spring.boot.properties;

import io.securememory.spring.boot.DeclaredSecretException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Checks the names of all properties below {@code securememory}, so that none is silently ignored. Gives environment variables
 * the names of the properties that they set.
 *
 * <p>A misspelled property would leave the default in force. For what protects secrets, that is worse than a failed start.
 * Sources that cannot be enumerated are not checked. No value is shown.
 */
final class PropertyNames {

    /** A variable whose property is known. */
    private record Variable(KnownProperty known, WrittenProperty property, List<String> name) {}

    private static final List<String> SECRETS = List.of(SecureMemorySettings.PREFIX, "secrets");

    private final ConfigurableEnvironment environment;
    private final PropertyNameProblems problems = new PropertyNameProblems();
    private final Map<List<String>, DeclaredNames> maps = new LinkedHashMap<>();

    private final List<Variable> variables = new ArrayList<>();
    private final List<WrittenProperty> unknown = new ArrayList<>();

    private PropertyNames(ConfigurableEnvironment environment) {
        this.environment = environment;
        KnownProperty.ALL.stream().filter(KnownProperty::isOfMap).forEach(known -> namesOf(known.map()));
        List<WrittenProperty> all = WrittenProperty.all(environment);
        all.stream().filter(property -> !property.isVariable()).forEach(this::read);
        all.stream().filter(WrittenProperty::isVariable).forEach(this::readVariable);
    }

    private DeclaredNames namesOf(List<String> map) {
        return maps.computeIfAbsent(map, any -> new DeclaredNames(map, problems));
    }

    /**
     * Checks the names that users choose, and the names below them. Makes environment variables available under the names of
     * the properties that they set.
     *
     * @param isOfOthers tells which variables belong to another module, whose prefix has a dash where ours ends; asked for
     *     unknown variables only
     * @throws PropertyNameException if a name is unknown or ambiguous
     */
    static void checkDeclared(ConfigurableEnvironment environment, Predicate<WrittenProperty> isOfOthers) {
        PropertyNames names = new PropertyNames(environment);
        names.maps.values().forEach(DeclaredNames::refuseTwins);
        names.unknown.stream()
                .filter(names::isCertainlyBelowMap)
                .filter(property ->
                        !property.isVariable() || isOfOthers.negate().test(property))
                .forEach(names::refuse);
        names.addVariables();
        names.problems.throwIfAny();
    }

    /**
     * Checks all other names.
     *
     * @param isOfOthers tells which properties belong to another module
     * @throws PropertyNameException if a name is unknown
     */
    static void checkOthers(ConfigurableEnvironment environment, Predicate<WrittenProperty> isOfOthers) {
        PropertyNames names = new PropertyNames(environment);
        names.unknown.stream()
                .filter(property -> !names.isCertainlyBelowMap(property))
                .filter(isOfOthers.negate())
                .forEach(names::refuse);
        names.problems.throwIfAny();
    }

    private void read(WrittenProperty property) {
        ConfigurationPropertyName name = property.name();
        Optional<KnownProperty> known = KnownProperty.ALL.stream()
                .filter(candidate -> candidate.matches(name))
                .findFirst();
        if (known.isEmpty()) {
            unknown.add(property);
        } else if (known.get().isOfMap()) {
            namesOf(known.get().map()).add(known.get(), property);
        }
    }

    /**
     * Takes, of the properties that a variable may set, the one that leaves the fewest words to the name. So a variable that
     * ends with TRUST_CERTIFICATE sets the property trust-certificate, and not the property certificate of a name that ends
     * with trust.
     */
    private void readVariable(WrittenProperty variable) {
        if (variable.hasDividedPrefix()) {
            unknown.add(variable);
            return;
        }
        List<String> words = variable.words();
        Variable read = null;
        for (KnownProperty known : KnownProperty.ALL) {
            int[] range = known.nameIn(words);
            if (range != null
                    && (read == null || range[1] - range[0] < read.name().size())) {
                read = new Variable(known, variable, variable.rawWords().subList(range[0], range[1]));
            }
        }
        if (read == null) {
            unknown.add(variable);
        } else {
            variables.add(read);
        }
    }

    /**
     * Makes variables available as properties. Variables for lists stay as they are, because Spring Boot finds them itself.
     */
    private void addVariables() {
        Map<String, List<String>> longest = variables.stream()
                .map(Variable::name)
                .collect(Collectors.toMap(PropertyNames::letters, name -> name, PropertyNames::longer));
        Map<PropertySource<?>, Map<String, String>> properties = new LinkedHashMap<>();
        for (Variable variable : variables) {
            String property = property(variable, longest.get(letters(variable.name())));
            if (property != null) {
                String text = variable.property().text();
                String other = properties
                        .computeIfAbsent(variable.property().source(), any -> new LinkedHashMap<>())
                        .put(property, text);
                if (other != null) {
                    problems.add(
                            "The environment variables " + other + " and " + text + " are both " + property + ".",
                            "Set one of " + other + " and " + text + ".");
                }
            }
        }
        properties.forEach((source, names) ->
                environment.getPropertySources().addAfter(source.getName(), new VariablesSource(source, names)));
    }

    private @Nullable String property(Variable variable, @Nullable List<String> longest) {
        KnownProperty known = variable.known();
        if (!known.isOfMap()) {
            return known.isList() ? null : known.withName("");
        }
        return namesOf(known.map())
                .property(known, variable.property(), variable.name(), Objects.requireNonNull(longest));
    }

    private static String letters(List<String> words) {
        return NearestName.letters(String.join("", words));
    }

    private static List<String> longer(List<String> first, List<String> second) {
        return first.size() >= second.size() ? first : second;
    }

    /**
     * Tells whether a property is certainly below one of our maps. A variable with a divided prefix may belong to another
     * module, which is known later.
     */
    private boolean isCertainlyBelowMap(WrittenProperty property) {
        return !property.hasDividedPrefix() && mapOf(property) != null;
    }

    private @Nullable List<String> mapOf(WrittenProperty property) {
        return maps.keySet().stream()
                .filter(map -> property.isAtOrBelow(String.join(".", map)))
                .findFirst()
                .orElse(null);
    }

    private void refuse(WrittenProperty property) {
        List<String> map = mapOf(property);
        if (map != null) {
            refuseBelow(map, property);
            return;
        }
        List<KnownProperty> below = KnownProperty.ALL.stream()
                .filter(known -> !property.isVariable() && known.isBelow(property.name()))
                .toList();
        if (below.isEmpty()) {
            unknown(property, nearest(property), KnownProperty.ALL);
        } else if (property.hasValue()) {
            unknown(property, Optional.empty(), below);
        }
    }

    private static Optional<KnownProperty> nearest(WrittenProperty property) {
        return NearestName.of(
                        KnownProperty.ALL,
                        known -> property.afterPrefix(),
                        known ->
                                known.withName(property.nameFor(known)).substring(SecureMemorySettings.PREFIX.length()))
                .or(() -> NearestName.of(KnownProperty.ALL, known -> property.lastWord(), KnownProperty::last));
    }

    private void refuseBelow(List<String> map, WrittenProperty property) {
        List<KnownProperty> below = KnownProperty.ALL.stream()
                .filter(known -> known.isOfMap() && known.map().equals(map))
                .toList();
        if (!property.isVariable() && property.name().getNumberOfElements() <= map.size() + 1) {
            if (property.hasValue()) {
                unbound(map, property, below);
            }
            return;
        }
        Optional<KnownProperty> dotted = below.stream()
                .filter(known ->
                        !property.isVariable() && property.lastWord().equals(NearestName.letters(known.last())))
                .findFirst();
        if (dotted.isPresent()) {
            namesOf(map).refuseDots(dotted.get(), property);
            return;
        }
        Optional<KnownProperty> nearest =
                NearestName.of(below, property::inPlaceOf, known -> String.join("", known.afterName()));
        if (nearest.isEmpty() && property.isVariable()) {
            unbound(map, property, below);
        } else {
            unknown(property, nearest, below);
        }
    }

    /** Reports a value where none belongs. Below the declared secrets, it may be a secret itself. */
    private void unbound(List<String> map, WrittenProperty property, List<KnownProperty> below) {
        if (map.equals(SECRETS)) {
            DeclaredSecretException failure =
                    SecretBinding.unbound(property.isVariable() ? property.title() : "The property " + property.name());
            problems.add(String.valueOf(failure.getMessage()), failure.remedy());
        } else {
            unknown(property, Optional.empty(), below);
        }
    }

    private void unknown(WrittenProperty property, Optional<KnownProperty> nearest, List<KnownProperty> all) {
        String description = property.title() + " is not known, and would be left out.";
        nearest.ifPresentOrElse(
                known -> problems.add(
                        description,
                        "Write " + property.corrected(known) + " in the place of " + property.text()
                                + ", or take it out."),
                () -> problems.add(description, "Take " + property.text() + " out.", "There are: " + list(all) + "."));
    }

    private static String list(List<KnownProperty> all) {
        return all.stream()
                .map(known -> known.withName(KnownProperty.NAME))
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
