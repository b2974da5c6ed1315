package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.securememory.testing.OnEverySystem;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;

/** The tests of this module are run with several versions of Spring Boot: each run has the one that it is meant for. */
@OnEverySystem
@Tag("boot")
@Tag("boot-smoke")
class BootVersionTest {

    private static final Pattern JAR = Pattern.compile("^spring-boot(?:-[a-z-]+)?-(\\d.*)\\.jar");

    private final String expected = System.getProperty("boot.version.expected", "");

    /** The build cannot forget it: then nothing would prove the version. */
    @BeforeEach
    void theBuildSaysWhichVersionItMeans() {
        if (System.getProperty("surefire.test.class.path") == null) {
            assumeFalse(expected.isEmpty(), "the system property boot.version.expected is not set");
        }
        assertThat(expected).as("the system property boot.version.expected").isNotEmpty();
    }

    @Test
    void everyJarOfSpringBootIsOfTheExpectedVersion() {
        List<String> versions = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .map(element -> Path.of(element).getFileName().toString())
                .flatMap(name -> JAR.matcher(name).results())
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(versions).hasSizeGreaterThanOrEqualTo(9).containsOnly(expected);
        assertThat(SpringBootVersion.getVersion()).isEqualTo(expected);
    }
}
