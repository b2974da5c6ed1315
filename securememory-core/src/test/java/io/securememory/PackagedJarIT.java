package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import java.io.File;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** The jar as users get it, on the class path and on the module path. */
class PackagedJarIT {

    private static final String PROGRAM = """
            import io.securememory.*;
            public class Program {
                public static void main(String[] arguments) {
                    try (SecureMemory session = SecureMemory.create()) {
                        Secret secret = session.secrets().create(new byte[] {40, 2});
                        int sum = secret.withBytes(view -> view.get(0) + view.get(1));
                        System.out.println("sum " + sum + " by " + session.status().nativeAccess());
                    }
                }
            }
            """;

    @Test
    void moduleExportsTheApiOnly() {
        ModuleDescriptor module =
                ModuleFinder.of(jar()).find("io.securememory").orElseThrow().descriptor();

        assertThat(module.exports())
                .filteredOn(exported -> !exported.isQualified())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactlyInAnyOrder("io.securememory", "io.securememory.memguard", "io.securememory.memcall");
        assertThat(module.exports())
                .filteredOn(ModuleDescriptor.Exports::isQualified)
                .allSatisfy(exported ->
                        assertThat(exported.targets()).isSubsetOf("io.securememory.jca", "io.securememory.test"));
        assertThat(module.opens()).isEmpty();
        assertThat(module.packages()).contains("io.securememory.memcall.internal");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_22)
    void onTheClassPathItUsesFfmWithoutLoadingJnaAndWithoutAWarning(@TempDir Path directory) throws Exception {
        ChildJvm child = ChildJvm.of("-cp", jars(), program(directory))
                .quickStart()
                .options("--enable-native-access=ALL-UNNAMED", "-verbose:class");
        if (Runtime.version().feature() >= 24) {
            child.options("--illegal-native-access=deny");
        }

        Result result = child.run(directory);

        assertThat(result.output())
                .contains("sum 42 by ffm")
                .doesNotContain("com.sun.jna.")
                .doesNotContain("WARNING");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void beforeJava22ItUsesJna(@TempDir Path directory) throws Exception {
        Result result = ChildJvm.of("-cp", jars(), program(directory))
                .quickStart()
                .options("-verbose:class")
                .run(directory);

        assertThat(result.output()).contains("sum 42 by jna").contains("com.sun.jna.");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void onTheModulePathItNeedsNativeAccessForItselfOnly(@TempDir Path directory) throws Exception {
        ChildJvm child = ChildJvm.of("-p", jars(), "--add-modules", modules(), program(directory))
                .quickStart();
        if (Runtime.version().feature() >= 22) {
            child.options("--enable-native-access=io.securememory");
        }
        if (Runtime.version().feature() >= 24) {
            child.options("--illegal-native-access=deny");
        }

        Result result = child.run(directory);

        assertThat(result.output()).contains("sum 42 by ").doesNotContain("WARNING");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void deniedNativeAccessIsReportedWithTheOptionToSet(@TempDir Path directory) throws Exception {
        Result result = ChildJvm.of("-cp", jars(), program(directory))
                .quickStart()
                .options("--illegal-native-access=deny")
                .run(directory);

        assertThat(result.output())
                .contains("UnsupportedPlatformException")
                .contains("--enable-native-access=ALL-UNNAMED")
                .doesNotContain("sum");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    /** Before Java 22 JNA has to be named, as no module requires it. */
    private static String modules() {
        return Runtime.version().feature() >= 22 ? "io.securememory" : "io.securememory,com.sun.jna";
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void onTheModulePathAJnaThatIsNotResolvedIsReportedWithTheOptionToSet(@TempDir Path directory) throws Exception {
        Result result = ChildJvm.of("-p", jars(), "--add-modules", "io.securememory", program(directory))
                .quickStart()
                .run(directory);

        assertThat(result.output())
                .contains("UnsupportedPlatformException: JNA is not there")
                .contains("--add-modules com.sun.jna");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    /** A single source file, which the launcher compiles. */
    private static String program(Path directory) throws Exception {
        return Files.writeString(directory.resolve("Program.java"), PROGRAM).toString();
    }

    private static Path jar() {
        String jar = System.getProperty("securememory.jar");
        assumeTrue(jar != null, "needs the packaged jar, which the build names in -Dsecurememory.jar");
        return Path.of(jar);
    }

    private static String jars() {
        List<String> names = List.of("jna-", "bcprov-", "slf4j-api-", "jspecify-");
        return jar()
                + File.pathSeparator
                + Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> names.stream()
                                .anyMatch(Path.of(entry).getFileName().toString()::startsWith))
                        .collect(Collectors.joining(File.pathSeparator));
    }
}
