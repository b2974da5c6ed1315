package io.securememory.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Needs;
import io.securememory.testing.Result;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The packaged sample, processed ahead of time as Spring Boot's build plugins do it, in directories of its own: the jar stays
 * as it is.
 */
final class AheadOfTime {

    private static final String PROCESSOR = "org.springframework.boot.SpringApplicationAotProcessor";

    private final Path sources;
    private final Path resources;
    private final Path classes;
    private final Path application;

    private AheadOfTime(Path directory) {
        sources = directory.resolve("sources");
        resources = directory.resolve("resources");
        classes = directory.resolve("classes");
        application = ExtractedSample.application();
    }

    /** Generates and compiles, which starts nothing and must not need the key. */
    static AheadOfTime process(Path directory) throws IOException {
        AheadOfTime result = new AheadOfTime(directory);
        run(
                "-cp",
                result.applicationJar(),
                PROCESSOR,
                SampleApplication.class.getName(),
                result.sources.toString(),
                result.resources.toString(),
                result.classes.toString(),
                "io.securememory",
                "sample-app");
        result.compile();
        return result;
    }

    private static void run(String... arguments) {
        Result result = ChildJvm.of(arguments).quickStart().run();
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    private void compile() throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-nowarn", "-proc:none", "-d", classes.toString(), "-cp", classPath()));
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::toString)
                    .forEach(arguments::add);
        }
        assertThat(Needs.compiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }

    /** The application's jar, whose manifest names all libraries. */
    private String applicationJar() {
        return application.resolve("sample-app.jar").toString();
    }

    /** What was generated, and the application. */
    String classPath() throws IOException {
        List<String> path = new ArrayList<>(List.of(classes.toString(), resources.toString(), applicationJar()));
        try (Stream<Path> libraries = Files.list(application.resolve("lib"))) {
            libraries.map(Path::toString).forEach(path::add);
        }
        return String.join(File.pathSeparator, path);
    }

    /** Everything that was generated as source. */
    String generatedText() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
