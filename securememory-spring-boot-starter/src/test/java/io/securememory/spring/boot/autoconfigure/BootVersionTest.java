package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.boot.SpringBootVersion;

/** The tests of this module are run with several versions of Spring Boot: each run has the one that it is meant for. */
@EnabledIfSystemProperty(named = "boot.version.expected", matches = ".+")
class BootVersionTest {

    private static final Pattern JAR = Pattern.compile("spring-boot(?:-[a-z-]+)?-(\\d.*)\\.jar");

    private final String expected = System.getProperty("boot.version.expected", "");

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
