package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.securememory.Secret;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The application starts with any of the optional libraries really missing from its class path. */
@Tag("boot")
class ClassPathTest {

    private static final int OLDEST_JAVA = 17;

    /** What knows nothing of the libraries that may be missing, and takes longest to be loaded anew. */
    private static final Pattern SHARED =
            Pattern.compile(".*/(securememory-core[/-]|(jna|slf4j-api|logback-).*-\\d).*");

    private static URLClassLoader shared;

    @BeforeAll
    static void load() {
        shared = new URLClassLoader(
                urls(path -> SHARED.matcher(path.toString()).matches()), ClassLoader.getPlatformClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        shared.close();
    }

    /** All of them on the newest Java, as they depend on none. Elsewhere those with everything and with nothing. */
    static List<Arguments> whatNeedsAMissingLibraryIsLeftOut() {
        List<Arguments> all = List.of(
                arguments("nothing", "endpoint purge residue info masking health metrics checkpoint validation jwt"),
                arguments("securememory-test", "endpoint purge info masking health metrics checkpoint validation jwt"),
                arguments("crac", "endpoint purge residue info masking health metrics validation jwt"),
                arguments(
                        "spring-security-.*|nimbus-jose-jwt",
                        "endpoint purge residue info masking health metrics checkpoint validation"),
                arguments(
                        "spring-boot-health", "endpoint purge residue info masking metrics checkpoint validation jwt"),
                arguments(
                        "spring-boot-micrometer-metrics",
                        "endpoint purge residue info masking health checkpoint validation jwt"),
                arguments(
                        "spring-boot-micrometer-.*|micrometer-.*",
                        "endpoint purge residue info masking health checkpoint validation jwt"),
                arguments("spring-boot-actuator-autoconfigure", "masking health metrics checkpoint validation jwt"),
                arguments("spring-boot-actuator.*", "health metrics checkpoint validation jwt"),
                arguments(
                        "spring-boot-.*validation|hibernate-validator|jakarta.validation-api",
                        "endpoint purge residue info masking health metrics checkpoint jwt"),
                arguments("spring-boot-(actuator|health|micrometer).*|micrometer-.*", "checkpoint validation jwt"),
                arguments(
                        "spring-boot-(actuator|health|micrometer|.*validation).*|micrometer-.*|crac"
                                + "|hibernate-validator|jakarta.validation-api|spring-security-.*|nimbus-jose-jwt",
                        ""));
        boolean full = Effort.isThorough()
                || Boolean.getBoolean("class-paths.all")
                || Runtime.version().feature() > OLDEST_JAVA;
        return full ? all : List.of(all.get(0), all.get(all.size() - 1));
    }

    @ParameterizedTest
    @MethodSource
    void whatNeedsAMissingLibraryIsLeftOut(String missing, String present) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader original = thread.getContextClassLoader();
        try (URLClassLoader isolated = classLoaderWithout(Pattern.compile("(" + missing + ")-\\d.*\\.jar"))) {
            thread.setContextClassLoader(isolated);
            Object application = isolated.loadClass(Application.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(((Supplier<?>) application).get()).isEqualTo(present);
        } finally {
            thread.setContextClassLoader(original);
        }
    }

    private static URLClassLoader classLoaderWithout(Pattern jars) {
        return new URLClassLoader(
                urls(path -> !SHARED.matcher(path.toString()).matches()
                        && !jars.matcher(jar(path)).matches()),
                shared);
    }

    /** The name of the file, or what it will be for a module of this build. */
    private static String jar(Path path) {
        return path.endsWith(Path.of("target", "classes"))
                ? path.getParent().getParent().getFileName() + "-0.jar"
                : path.getFileName().toString();
    }

    private static URL[] urls(Predicate<Path> chosen) {
        return Arrays.stream(ChildJvm.testClassPath().split(File.pathSeparator))
                .map(Path::of)
                .filter(chosen)
                .map(ClassPathTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts a context in the class loader that loaded it, and tells which of our beans it has, and whether it validates. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    public static class Application implements Supplier<String> {

        @Override
        public String get() {
            try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.NONE)
                    .run(
                            "--management.endpoints.web.exposure.include=*",
                            "--management.endpoint.securememorypurge.access=unrestricted",
                            "--management.endpoint.securememoryresidue.access=unrestricted",
                            "--management.info.securememory.enabled=true",
                            "--securememory.secrets.key.location=classpath:declared-secret.txt",
                            "--securememory.secrets.jwt-key.generate=32",
                            "--securememory.jwt.secret=jwt-key",
                            "--securememory.jwt.algorithm=HS256")) {
                Starter.text(context.getBean("key", Secret.class));
                return String.join(
                        " ",
                        Stream.of(
                                        "endpoint:secureMemoryEndpoint",
                                        "purge:secureMemoryPurgeEndpoint",
                                        "residue:secureMemoryResidueEndpoint",
                                        "info:secureMemoryInfoContributor",
                                        "masking:secureMemorySanitizingFunction",
                                        "health:securememoryHealthIndicator",
                                        "metrics:secureMemoryMeterBinder",
                                        "checkpoint:secureMemoryCheckpointGuard",
                                        "validation:defaultValidator",
                                        "jwt:protectedJwtDecoder")
                                .map(entry -> entry.split(":"))
                                .filter(entry -> context.containsBean(entry[1]))
                                .map(entry -> entry[0])
                                .toList());
            }
        }
    }
}
