package io.securememory.spring.boot.properties;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * The names that users have chosen below one property, such as {@code securememory.secrets}, and the problems with these names.
 *
 * <p>The rules are Spring Boot's own. In files and on the command line, a name of letters, digits, dashes and underscores is
 * taken as it is. Any other name needs brackets. An environment variable has underscores instead of all other characters. It
 * therefore means the name with the same letters that is declared elsewhere. If there is none, its words joined by dashes are
 * the name.
 */
final class DeclaredNames {

    /** One name as it is written in a file, on the command line, and so on. */
    private record Writing(String name, boolean isInBrackets, KnownProperty known, WrittenProperty property) {

        private String place() {
            return property.title().substring("The ".length());
        }
    }

    private final List<String> map;
    private final PropertyNameProblems problems;

    /** By name. The writing that takes precedence comes first. */
    private final Map<String, List<Writing>> writings = new LinkedHashMap<>();

    DeclaredNames(List<String> map, PropertyNameProblems problems) {
        this.map = map;
        this.problems = problems;
    }

    /** Adds the name in a property with dots. */
    void add(KnownProperty known, WrittenProperty property) {
        int index = map.size();
        ConfigurationPropertyName whole = property.name();
        String name = whole.getElement(index, Form.ORIGINAL);
        String raw = property.rawElement(index);
        if (raw != null && !raw.equals(name)) {
            problems.add(
                    property.title() + " does not have the name '" + raw + "': without brackets, Spring Boot takes '"
                            + name + "' for it.",
                    "Write " + inBrackets(raw, known) + ", or choose a name of letters a to z, digits and dashes.");
        }
        writings.computeIfAbsent(name, any -> new ArrayList<>()).add(new Writing(name, raw == null, known, property));
    }

    private String inBrackets(String name, KnownProperty known) {
        return String.join(".", map) + "[" + name + "]." + String.join(".", known.afterName())
                + " (in YAML the key is \"[" + name + "]\")";
    }

    /** Reports a name with dots, which means nothing without brackets. */
    void refuseDots(KnownProperty known, WrittenProperty property) {
        ConfigurationPropertyName whole = property.name();
        String name = IntStream.range(
                        map.size(),
                        whole.getNumberOfElements() - known.afterName().size())
                .mapToObj(index -> whole.getElement(index, Form.ORIGINAL))
                .collect(Collectors.joining("."));
        problems.add(
                property.title() + " sets nothing: a name with dots needs brackets.",
                "Write " + inBrackets(name, known) + ", or choose a name without dots, such as "
                        + known.withName(name.replace('.', '-')) + ".");
    }

    /** Reports names that Spring Boot cannot tell apart. To be called when all names are added. */
    void refuseTwins() {
        Map<String, List<String>> twins = writings.keySet().stream()
                .collect(Collectors.groupingBy(SecretNames::uniform, LinkedHashMap::new, Collectors.toList()));
        twins.values().stream().filter(names -> names.size() > 1).forEach(this::refuseTwins);
        writings.values().forEach(this::refuseTwoForms);
    }

    private void refuseTwins(List<String> names) {
        List<Writing> all = names.stream().map(name -> firstOf(writings(name))).toList();
        problems.add(
                "Spring Boot does not tell the names " + quoted(names) + " below " + String.join(".", map) + " apart: "
                        + all.stream().map(Writing::place).collect(Collectors.joining(", ")) + ".",
                "If they are one, write it in one way everywhere. If not, choose names that differ by more than case, dashes"
                        + " and underscores.");
    }

    /**
     * Reports a name that is written both with and without brackets. For Spring Boot, these are two names: it takes the first
     * one and ignores the values of the other.
     */
    private void refuseTwoForms(List<Writing> all) {
        Writing winner = firstOf(all);
        boolean isTold = all.stream()
                .filter(writing -> writing.isInBrackets() == winner.isInBrackets())
                .map(writing -> writing.known().afterName())
                .anyMatch(rest -> isDeclaring(String.join(".", rest)));
        all.stream()
                .filter(writing -> writing.isInBrackets() != winner.isInBrackets())
                .filter(writing -> !isTold && !winner.name().matches("[a-z0-9]+"))
                .findFirst()
                .ifPresent(loser -> problems.add(
                        winner.property().title() + " and " + loser.place()
                                + " do not belong together: Spring Boot takes a name with brackets for another one than"
                                + " without.",
                        "Write both with brackets, or both without."));
    }

    private static boolean isDeclaring(String property) {
        return property.equals("location") || property.equals("generate");
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    private List<Writing> writings(String name) {
        return writings.getOrDefault(name, List.of());
    }

    private static Writing firstOf(List<Writing> all) {
        return all.get(0);
    }

    /**
     * Finds the property that an environment variable sets.
     *
     * @param words the words of the variable that are the name, in lower case
     * @param longest of all variables whose name has the same letters, the words of the one that has the most
     * @return the property with dots, or null if a problem was reported
     */
    @Nullable
    String property(KnownProperty known, WrittenProperty variable, List<String> words, List<String> longest) {
        String name = String.join("-", longest);
        if (!words.stream().allMatch(word -> word.matches("[a-z0-9-]+"))) {
            problems.add(
                    variable.title() + " has a name of other letters than A to Z, digits and underscores.",
                    "Declare the name in a file or on the command line, or choose another one.");
            return null;
        }
        String letters = NearestName.letters(name);
        Set<String> candidates = writings.keySet().stream()
                .filter(candidate -> NearestName.letters(candidate).equals(letters))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (candidates.isEmpty()) {
            return known.withName(name);
        }
        String only = candidates.iterator().next();
        if (candidates.size() > 1
                || (words.size() == 1 && !SecretNames.uniform(only).equals(letters))) {
            problems.add(
                    variable.title() + " may mean each of these names below " + String.join(".", map) + ": "
                            + quoted(List.copyOf(candidates)) + ".",
                    "Set the property in a file, by a system property or on the command line instead of "
                            + variable.text() + ", or choose names that differ in letters or digits.");
            return null;
        }
        Writing winner = firstOf(writings(only));
        String rest = "." + String.join(".", known.afterName());
        return String.join(".", map) + (winner.isInBrackets() ? "[" + only + "]" : "." + only) + rest;
    }
}
