package io.securememory.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.securememory.testing.ModuleDirectory;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.ReferenceGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packages of the starter: none is large, none needs one above it, and only the API is there for users. */
@OnEverySystem
class ArchitectureTest {

    private static final String ROOT = "io.securememory.spring.boot";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importPath(ModuleDirectory.of(ArchitectureTest.class).resolve("target/classes"));

    private static final int LARGEST_PACKAGE = 30;

    private static final int LARGEST_CIRCLE = 4;

    /** From the bottom up. Those below {@code autoconfigure} are beside each other and know nothing of each other. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("", Set.of()),
            Map.entry(".properties", Set.of("")),
            Map.entry(".watch", Set.of()),
            Map.entry(".sources", Set.of("")),
            Map.entry(".versions", Set.of("")),
            Map.entry(".jwt", Set.of("")),
            Map.entry(".credentials", Set.of("")),
            Map.entry(".secrets", Set.of("", ".properties", ".watch", ".sources", ".versions")),
            Map.entry(".autoconfigure", Set.of("", ".properties", ".watch", ".secrets")),
            Map.entry(".autoconfigure.actuate", Set.of("", ".properties", ".watch", ".secrets", ".autoconfigure")),
            Map.entry(".autoconfigure.lifecycle", Set.of("", ".properties", ".watch", ".secrets", ".autoconfigure")),
            Map.entry(
                    ".autoconfigure.credentials",
                    Set.of("", ".properties", ".watch", ".credentials", ".autoconfigure")),
            Map.entry(".autoconfigure.jwt", Set.of("", ".properties", ".jwt", ".autoconfigure")),
            Map.entry(".autoconfigure.ssl", Set.of("", ".properties", ".watch", ".secrets", ".autoconfigure")));

    private static Stream<Dependency> references() {
        return CLASSES.stream()
                .flatMap(from -> from.getDirectDependenciesFromSelf().stream())
                .filter(reference -> target(reference).getPackageName().startsWith(ROOT));
    }

    private static JavaClass target(Dependency reference) {
        return reference.getTargetClass().getBaseComponentType();
    }

    private static String room(JavaClass type) {
        return type.getPackageName().substring(ROOT.length());
    }

    @Test
    void noPackageIsLarge() throws IOException {
        Path sources = ModuleDirectory.of(ArchitectureTest.class).resolve("src/main/java");
        Map<Path, Long> sizes;
        try (Stream<Path> files = Files.walk(sources)) {
            sizes = files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> sources.relativize(file).getParent())
                    .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        }

        System.out.println("Files in the packages of the starter: " + sizes);
        assertThat(sizes)
                .isNotEmpty()
                .allSatisfy((folder, count) ->
                        assertThat(count).as(folder.toString()).isLessThanOrEqualTo(LARGEST_PACKAGE));
    }

    @Test
    void packagesDependInOneDirection() {
        Map<String, Set<String>> used = new TreeMap<>();
        CLASSES.forEach(type -> used.computeIfAbsent(room(type), any -> new TreeSet<>()));
        references()
                .filter(reference -> !room(reference.getOriginClass()).equals(room(target(reference))))
                .forEach(reference -> used.get(room(reference.getOriginClass())).add(room(target(reference))));

        System.out.println("What each package of the starter uses: " + used);
        assertThat(used.keySet()).isEqualTo(new TreeSet<>(MAY_USE.keySet()));
        assertThat(used)
                .allSatisfy((room, others) -> assertThat(others).as(room).isSubsetOf(MAY_USE.get(room)));
    }

    @Test
    void theAllowedDirectionsFormNoCircle() {
        ReferenceGraph graph = new ReferenceGraph();
        MAY_USE.forEach((room, others) -> others.forEach(other -> graph.add("starter" + room, "starter" + other)));
        assertThat(graph.circles()).isEmpty();
    }

    /** References of every kind, nested classes as part of the outer one. */
    @Test
    void circlesOfReferencesAreSmall() {
        ReferenceGraph graph = new ReferenceGraph();
        references()
                .forEach(reference -> graph.add(outermost(reference.getOriginClass()), outermost(target(reference))));

        List<NavigableSet<String>> circles = graph.circles();

        System.out.println("Circles of references in the starter:\n" + graph.describe(circles));
        assertThat(circles).as(graph.describe(circles)).allMatch(circle -> circle.size() <= LARGEST_CIRCLE);
    }

    private static String outermost(JavaClass type) {
        String name = type.getName();
        return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
    }
}
