package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.ModuleDirectory;
import io.securememory.testing.Result;
import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.mock.env.MockEnvironment;

class SpringBootVersionCheckTest {

    /** Where the build puts the libraries of the last version that is too old. */
    private static final Path OLD =
            ModuleDirectory.of(SpringBootVersionCheckTest.class).resolve("target/spring-boot-3");

    private final StaticApplicationContext context = new StaticApplicationContext();

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"4.0.0", "4.1.1", "4.0.0-RC1", "5.0.0-SNAPSHOT", "10.0.0", "of my own", ""})
    void aVersionThatIsNotTooOldPasses(String version) {
        assertThatCode(() -> new SpringBootVersionCheck(() -> version).initialize(context))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.5.7", "3.0.0-SNAPSHOT", "2.7.18", "1.0"})
    void aVersionThatIsTooOldIsNamedBesideTheOneThatIsNeeded(String version) {
        assertThatExceptionOfType(UnsupportedSpringBootException.class)
                .isThrownBy(() -> new SpringBootVersionCheck(() -> version).initialize(context))
                .withMessage("securememory-spring-boot-starter needs Spring Boot 4.0 or later, and found Spring Boot "
                        + version + ".");
    }

    @Test
    void anyVersionPassesWhenNothingIsConfigured() {
        context.setEnvironment(new MockEnvironment().withProperty("securememory.enabled", "FALSE"));
        assertThatCode(() -> new SpringBootVersionCheck(() -> "3.5.7").initialize(context))
                .doesNotThrowAnyException();
    }

    @Test
    void theVersionOfThisBuildPasses() {
        assertThatCode(() -> new SpringBootVersionCheck().initialize(context)).doesNotThrowAnyException();
    }

    @Test
    void anApplicationOnSpringBoot3FailsToStartWithTheRemedy() throws Exception {
        Result result = child().run();
        assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
        assertThat(result.output())
                .contains("APPLICATION FAILED TO START")
                .containsPattern("needs Spring Boot 4\\.0 or later, and found Spring Boot 3\\.\\d+\\.\\d+\\.")
                .contains("Update Spring Boot to 4.0 or later")
                .contains("securememory.enabled=false")
                .doesNotContain("\tat ");
    }

    @Test
    void anApplicationOnSpringBoot3StartsWhenNothingIsConfigured() throws Exception {
        Result result = child().arguments("--securememory.enabled=false").run();
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("Started").doesNotContain("Secure memory opened");
    }

    private static ChildJvm child() {
        return ChildJvm.onClassPath(oldClassPath(), StartsAndCloses.class).quickStart();
    }

    /** That of this test, with other libraries of Spring and without what is built for the newer ones. */
    private static String oldClassPath() {
        assertThat(OLD).as("libraries that the build copies").isNotEmptyDirectory();
        String others = ChildJvm.testClassPathWithout(name -> name.matches("(spring|micrometer)-.*\\.jar"));
        return OLD + File.separator + "*" + File.pathSeparator + others;
    }
}
