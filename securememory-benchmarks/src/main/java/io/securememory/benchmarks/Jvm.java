package io.securememory.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An installed Java.
 *
 * @param home its directory
 * @param version as its release file says
 */
record Jvm(Path home, String version) {

    private static final int FIRST_WITH_FFM = 22;

    /** The one that runs this. */
    static Jvm current() {
        return new Jvm(
                Path.of(System.getProperty("java.home")), Runtime.version().toString());
    }

    /** A Java 17, from {@code JAVA17_HOME} or where Linux distributions and SDKMAN put it. */
    static Optional<Jvm> java17() {
        List<Path> candidates = new ArrayList<>();
        Optional.ofNullable(System.getenv("JAVA17_HOME")).map(Path::of).ifPresent(candidates::add);
        candidates.addAll(children(Path.of("/usr/lib/jvm")));
        candidates.addAll(children(Path.of(System.getProperty("user.home"), ".sdkman/candidates/java")));
        return candidates.stream()
                .flatMap(home -> version(home).map(version -> new Jvm(home, version)).stream())
                .filter(jvm -> jvm.version.startsWith("17.") || jvm.version.equals("17"))
                // A package that was removed may leave its directory.
                .filter(jvm -> Files.isExecutable(Path.of(jvm.executable())))
                .findFirst();
    }

    private static List<Path> children(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<String> version(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.substring("JAVA_VERSION=".length()).replace("\"", ""))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    String executable() {
        return home.resolve("bin/java").toString();
    }

    List<String> options() {
        boolean hasFfm = Runtime.Version.parse(version).feature() >= FIRST_WITH_FFM;
        return hasFfm ? List.of("--enable-native-access=ALL-UNNAMED", "-Xmx1g") : List.of("-Xmx1g");
    }
}
