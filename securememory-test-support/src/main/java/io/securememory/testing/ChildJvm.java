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

/** A program in a virtual machine of its own, of the same Java, for tests that must not end or change this one. */
public final class ChildJvm {

    /** A child lives for seconds, in which most of what a better compiler does would not pay. */
    private static final List<String> QUICK_START =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

    private final List<String> launcher = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> program = new ArrayList<>();
    private final List<String> environment = new ArrayList<>();
    private Duration limit = Await.LIMIT;

    private ChildJvm() {}

    /** A child with all arguments as given. */
    public static ChildJvm of(String... arguments) {
        return new ChildJvm().arguments(arguments);
    }

    /** A child on the test's own class path. */
    public static ChildJvm onTestClassPath(Class<?> main) {
        return onClassPath(testClassPath(), main);
    }

    /** A child on a class path. */
    public static ChildJvm onClassPath(String classPath, Class<?> main) {
        return of("-cp", classPath, main.getName());
    }

    /** The test's own class path. */
    public static String testClassPath() {
        return System.getProperty("java.class.path");
    }

    /** The test's own class path without the files whose names are chosen. */
    public static String testClassPathWithout(Predicate<String> fileName) {
        return Arrays.stream(testClassPath().split(File.pathSeparator))
                .filter(entry -> !fileName.test(Path.of(entry).getFileName().toString()))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The command that starts this Java. */
    public static String executable() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Arguments of the program. */
    public ChildJvm arguments(String... values) {
        program.addAll(List.of(values));
        return this;
    }

    /** Options of the virtual machine. */
    public ChildJvm options(String... values) {
        options.addAll(List.of(values));
        return this;
    }

    /** Lets it use what native code it likes, without a warning, where Java asks. */
    public ChildJvm withNativeAccess() {
        return Runtime.version().feature() >= 22 ? options("--enable-native-access=ALL-UNNAMED") : this;
    }

    /** Only the compiler that starts fast. */
    public ChildJvm quickStart() {
        return options(QUICK_START.toArray(String[]::new));
    }

    /** A program that starts the virtual machine, for example {@code prlimit}; the last one named starts the others. */
    public ChildJvm startedBy(String... words) {
        launcher.addAll(0, List.of(words));
        return this;
    }

    /** A variable of its environment. */
    public ChildJvm environment(String name, String value) {
        environment.addAll(List.of(name, value));
        return this;
    }

    /** How long the child may take, if that is not {@link Await#LIMIT}. */
    public ChildJvm within(Duration value) {
        limit = value;
        return this;
    }

    /** The whole command. */
    public List<String> command() {
        List<String> command = new ArrayList<>(launcher);
        command.add(executable());
        command.addAll(options);
        command.addAll(program);
        return command;
    }

    /** Runs to the end, in a directory where it may leave files. */
    public Result run(Path directory) {
        Program child = Program.of(command()).within(limit);
        for (int i = 0; i < environment.size(); i += 2) {
            child.environment(environment.get(i), environment.get(i + 1));
        }
        return child.run(directory);
    }

    /** Runs to the end, in a directory that is deleted after that. */
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
