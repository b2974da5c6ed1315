package io.securememory;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.ReferenceGraph;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The layers of the core, see docs/adr/0001-vocabulary-in-the-root-package.md. */
@OnEverySystem
class ArchitectureTest {

    private static final Path CLASSES = Path.of(System.getProperty("basedir", ""), "target/classes");
    private static final Path OVERLAY_CLASSES = CLASSES.resolve("META-INF/versions/22");

    /** The two trees apart: which of two classes of one name an import keeps is a matter of chance. */
    private static final JavaClasses BASE = new ClassFileImporter()
            .withImportOption((Location location) -> !location.contains("/META-INF/versions/"))
            .importPath(CLASSES);

    private static final JavaClasses OVERLAY = new ClassFileImporter().importPath(OVERLAY_CLASSES);

    private static final int LARGEST_CIRCLE = 4;

    /** Types of the everyday package that name things and do nothing; every layer speaks in them. */
    private static final Set<Class<?>> VOCABULARY = Set.of(
            SecretView.class,
            SecretFunction.class,
            PurgeReport.class,
            Format.class,
            ProtectionReport.class,
            ProtectionReport.Item.class,
            ProtectionReport.State.class,
            SecretSourceException.Reason.class,
            MemoryLimitException.Kind.class);

    private static final DescribedPredicate<JavaClass> IS_VOCABULARY = describe(
                    "are vocabulary",
                    (JavaClass type) -> VOCABULARY.stream().anyMatch(type.getBaseComponentType()::isEquivalentTo))
            .or(assignableTo(SecureMemoryException.class));

    @Test
    void bothTreesOfTheMultiReleaseJarAreLookedAt() {
        assertThat(BASE.contain("io.securememory.memcall.MemCalls")).isTrue();
        assertThat(BASE.contain("io.securememory.memcall.JnaLibC")).isTrue();
        assertThat(callsForeignFunctions(BASE)).isFalse();
        assertThat(callsForeignFunctions(OVERLAY)).isTrue();
    }

    private static boolean callsForeignFunctions(JavaClasses tree) {
        return tree.get("io.securememory.memcall.ForeignLibC").getDirectDependenciesFromSelf().stream()
                .anyMatch(dependency ->
                        dependency.getTargetClass().getPackageName().equals("java.lang.foreign"));
    }

    private static void holdsInBothTrees(ArchRule rule) {
        rule.check(BASE);
        rule.allowEmptyShould(true).check(OVERLAY);
    }

    @Test
    void memcallImportsNothingAboveIt() {
        holdsInBothTrees(noClasses()
                .that()
                .resideInAPackage("io.securememory.memcall..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.securememory.memguard..")
                        .or(resideInAPackage("io.securememory").and(DescribedPredicate.not(IS_VOCABULARY)))));
    }

    @Test
    void memguardImportsNothingAboveIt() {
        holdsInBothTrees(noClasses()
                .that()
                .resideInAPackage("io.securememory.memguard..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.securememory").and(DescribedPredicate.not(IS_VOCABULARY))));
    }

    @Test
    void reportImportsNothingAboveIt() {
        holdsInBothTrees(noClasses()
                .that()
                .resideInAPackage("io.securememory.report")
                .should()
                .dependOnClassesThat(resideInAPackage("io.securememory").and(DescribedPredicate.not(IS_VOCABULARY))));
    }

    /** The self-check runs with the jar of the core alone. */
    @Test
    void theSelfCheckAndWhatItUsesHaveNoLogger() {
        holdsInBothTrees(noClasses()
                .that(resideInAnyPackage("io.securememory.report", "io.securememory.memcall..")
                        .or(simpleName("SelfCheck")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.slf4j.."));
        classes()
                .that()
                .haveSimpleName("SelfCheck")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java..", "org.jspecify..", "io.securememory.report", "io.securememory.memcall")
                        .or(IS_VOCABULARY)
                        .or(simpleName("SelfCheck"))
                        .or(simpleName("LockPolicy")))
                .check(BASE);
    }

    @Test
    void everydayApiDoesNotReachPastMemguardIntoTheInternalsOfMemcall() {
        holdsInBothTrees(noClasses()
                .that()
                .resideInAPackage("io.securememory")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.securememory.memcall.internal.."));
    }

    @Test
    void vocabularyDependsOnTheJdkAndItselfOnly() {
        holdsInBothTrees(classes()
                .that(IS_VOCABULARY)
                .should()
                .onlyDependOnClassesThat(resideInAPackage("java..")
                        .or(resideInAPackage("org.jspecify.annotations.."))
                        .or(IS_VOCABULARY)));
    }

    @Test
    void onlyMemcallAndLibcryptoNameJnaAndFfmTypes() {
        holdsInBothTrees(noClasses()
                .that()
                .resideOutsideOfPackages("io.securememory.memcall..", "io.securememory.libcrypto..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.sun.jna..", "java.lang.foreign.."));
    }

    /** So that each class can be understood with few others. References of every kind, nested classes as part of the outer one. */
    @Test
    void circlesOfReferencesAreSmall() {
        ReferenceGraph graph = new ReferenceGraph();
        BASE.forEach(from -> from.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(to -> to.getPackageName().startsWith("io.securememory"))
                .forEach(to -> graph.add(outermost(from), outermost(to))));

        List<NavigableSet<String>> circles = graph.circles();

        System.out.println("Circles of references in the core:\n" + graph.describe(circles));
        assertThat(circles).as(graph.describe(circles)).allMatch(circle -> circle.size() <= LARGEST_CIRCLE);
    }

    private static String outermost(JavaClass type) {
        String name = type.getName();
        return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
    }

    @Test
    void cryptoKnowsNothingOfTheRest() {
        holdsInBothTrees(noClasses()
                .that()
                .resideInAPackage("io.securememory.crypto..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.securememory..")
                        .and(DescribedPredicate.not(resideInAPackage("io.securememory.crypto..")))));
    }

    @Test
    void whatOnlyLinuxHasIsNamedByTheTableOfPlatformsAlone() {
        holdsInBothTrees(noClasses()
                .that()
                .haveSimpleNameNotStartingWith("Linux")
                .and()
                .doNotHaveFullyQualifiedName("io.securememory.memcall.Platform")
                .should()
                .dependOnClassesThat(resideInAPackage("io.securememory.memcall")
                        .and(describe(
                                "are Linux' own",
                                (JavaClass type) -> type.getSimpleName().startsWith("Linux")))));
    }

    @Test
    void coreNamesNoSpringType() {
        holdsInBothTrees(noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework.."));
    }
}
