package io.securememory.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program in a separate JVM of the same Java, for tests that must not end or change this JVM. */
public final class ChildJvm {

    /** A child runs for seconds only, so that most work of a better compiler would not pay. */
    private static final List<String> QUICK_START =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

    private final List<String> launcher = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> program = new ArrayList<>();
    private final List<String> environment = new ArrayList<>();
    private Duration limit = Await.LIMIT;

    private ChildJvm() {}

    /** Makes a child with the given arguments of the java command. */
    public static ChildJvm of(String... arguments) {
        return new ChildJvm().arguments(arguments);
    }

    /** Makes a child that has the test's own class path. */
    public static ChildJvm onTestClassPath(Class<?> main) {
        return onClassPath(testClassPath(), main);
    }

    /** Makes a child that has the given class path. */
    public static ChildJvm onClassPath(String classPath, Class<?> main) {
        return of("-cp", classPath, main.getName());
    }

    /** Returns the test's own class path. */
    public static String testClassPath() {
        return System.getProperty("java.class.path");
    }

    /** Returns the test's own class path without the files whose names match. */
    public static String testClassPathWithout(Predicate<String> fileName) {
        return Arrays.stream(testClassPath().split(File.pathSeparator))
                .filter(entry -> !fileName.test(Path.of(entry).getFileName().toString()))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Returns the path of the java command of this Java. */
    public static String executable() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Adds arguments of the program. */
    public ChildJvm arguments(String... values) {
        program.addAll(List.of(values));
        return this;
    }

    /** Adds options of the JVM. */
    public ChildJvm options(String... values) {
        options.addAll(List.of(values));
        return this;
    }

    /** Allows all native access without a warning, on Java versions that check it. */
    public ChildJvm withNativeAccess() {
        return Runtime.version().feature() >= 22 ? options("--enable-native-access=ALL-UNNAMED") : this;
    }

    /** Selects options for a fast start, such as the fast compiler only. */
    public ChildJvm quickStart() {
        return options(QUICK_START.toArray(String[]::new));
    }

    /**
     * Adds a command that starts the JVM, for example {@code prlimit}. A command that is added later starts the
     * earlier ones.
     */
    public ChildJvm startedBy(String... words) {
        launcher.addAll(0, List.of(words));
        return this;
    }

    /** Sets an environment variable. */
    public ChildJvm environment(String name, String value) {
        environment.addAll(List.of(name, value));
        return this;
    }

    /** Sets the time that the child may take. The default is {@link Await#LIMIT}. */
    public ChildJvm within(Duration value) {
        limit = value;
        return this;
    }

    /** Returns the whole command. */
    public List<String> command() {
        List<String> command = new ArrayList<>(launcher);
        command.add(executable());
        command.addAll(options);
        command.addAll(program);
        return command;
    }

    /** Runs the program to its end. The program may leave files in the directory. */
    public Result run(Path directory) {
        Program child = Program.of(command()).within(limit);
        for (int i = 0; i < environment.size(); i += 2) {
            child.environment(environment.get(i), environment.get(i + 1));
        }
        return child.run(directory);
    }

    /** Runs the program to its end, in a directory that is then deleted. */
    public Result run() {
        try {
            Path directory = Files.createTempDirectory("child");
            try {
                return run(directory);
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
