package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.securememory.testing.ModuleDirectory;
import io.securememory.testing.Needs;
import io.securememory.testing.Program;
import io.securememory.testing.Result;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** A modular application is linked into an image of this Java, and runs there. */
class LinkedImageIT {

    private static final Path MODULAR_JNA =
            ModuleDirectory.of(LinkedImageIT.class).resolve("target/jna");

    private static final String PROGRAM = """
            package app;
            import io.securememory.*;
            import io.securememory.memcall.NativeAccess;
            public class Program {
                public static void main(String[] arguments) {
                    SecureMemoryOptions options = SecureMemoryOptions.builder()
                            .nativeAccess(NativeAccess.valueOf(arguments[0]))
                            .build();
                    try (SecureMemory session = SecureMemory.create(options)) {
                        Secret secret = session.secrets().create(new byte[] {40, 2});
                        int sum = secret.withBytes(view -> view.get(0) + view.get(1));
                        System.out.println("sum " + sum + " by " + session.status().nativeAccess());
                        System.out.println(session.protection());
                    }
                }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    @EnabledForJreRange(min = JRE.JAVA_22)
    void anImageOfANewJavaNeedsNoJna() throws Exception {
        link("", List.of());

        Result result = run("AUTO");

        assertThat(result.output())
                .contains("sum 42 by ffm")
                .doesNotContain("WARNING")
                // The image has no java.management.
                .contains("name=attach, state=UNKNOWN");
        assertThat(result.exitCode()).isZero();
        assertThat(run("JNA").output()).contains("JNA is not there").contains("net.java.dev.jna:jna-jpms");
    }

    @Test
    void anImageOfAnyJavaTakesTheJnaThatIsAModule() throws Exception {
        link("requires com.sun.jna;", files(MODULAR_JNA, "jna-jpms-"));

        Result result = run("JNA");

        assertThat(result.output()).contains("sum 42 by jna");
        assertThat(result.exitCode()).isZero();
    }

    private void link(String requires, List<Path> jna) throws Exception {
        Path sources = Files.createDirectories(directory.resolve("sources/app"));
        Path program = Files.writeString(sources.resolve("Program.java"), PROGRAM);
        Path module = Files.writeString(
                sources.resolveSibling("module-info.java"),
                "module app { requires io.securememory; " + requires + " }");
        String path = modulePath(jna);
        succeed("javac", "-p", path, "-d", classes().toString(), module.toString(), program.toString());
        succeed(
                "jlink",
                "-p",
                path + File.pathSeparator + classes(),
                "--add-modules",
                "app",
                "--output",
                image().toString());
    }

    private static void succeed(String tool, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Needs.tool(tool).toString()));
        command.addAll(List.of(arguments));
        Result result = Program.of(command).run(Path.of("").toAbsolutePath());
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    private Result run(String access) {
        List<String> command =
                new ArrayList<>(List.of(image().resolve("bin/java").toString()));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=io.securememory" + (access.equals("JNA") ? ",com.sun.jna" : ""));
        }
        command.addAll(List.of("-m", "app/app.Program", access));
        return Program.of(command).run(directory);
    }

    private Path classes() {
        return directory.resolve("classes");
    }

    private Path image() {
        return directory.resolve("image");
    }

    /** The packaged jar and what it requires. */
    private static String modulePath(List<Path> jna) {
        String jar = System.getProperty("securememory.jar");
        assumeTrue(jar != null, "needs the packaged jar, which the build names in -Dsecurememory.jar");
        Stream<Path> others = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(file -> Stream.of("slf4j-api-", "jspecify-")
                        .anyMatch(file.getFileName().toString()::startsWith));
        return Stream.of(Stream.of(Path.of(jar)), others, jna.stream())
                .flatMap(files -> files)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<Path> files(Path folder, String prefix) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }
}
