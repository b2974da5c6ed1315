package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The application starts with any of the optional libraries really missing from its class path. */
class ClassPathTest {

    @ParameterizedTest
    @CsvSource({
        "nothing,                              endpoint purge info masking health metrics checkpoint validation",
        "crac,                                 endpoint purge info masking health metrics validation",
        "spring-boot-health,                   endpoint purge info masking metrics checkpoint validation",
        "spring-boot-micrometer-metrics,       endpoint purge info masking health checkpoint validation",
        "spring-boot-micrometer-.*|micrometer-.*, endpoint purge info masking health checkpoint validation",
        "spring-boot-actuator-autoconfigure,   masking health metrics checkpoint validation",
        "spring-boot-actuator.*,               health metrics checkpoint validation",
        "spring-boot-.*validation|hibernate-validator|jakarta.validation-api,"
                + "                            endpoint purge info masking health metrics checkpoint",
        "spring-boot-(actuator|health|micrometer).*|micrometer-.*, checkpoint validation",
        "spring-boot-(actuator|health|micrometer|.*validation).*|micrometer-.*|crac|hibernate-validator|jakarta.validation-api, ''"
    })
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
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> !jars.matcher(path.getFileName().toString()).matches())
                .map(ClassPathTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
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
                            "--management.info.securememory.enabled=true",
                            "--securememory.secrets.key.location=classpath:declared-secret.txt")) {
                Starter.text(context.getBean("key", Secret.class));
                return String.join(
                        " ",
                        Stream.of(
                                        "endpoint:secureMemoryEndpoint",
                                        "purge:secureMemoryPurgeEndpoint",
                                        "info:secureMemoryInfoContributor",
                                        "masking:secureMemorySanitizingFunction",
                                        "health:securememoryHealthIndicator",
                                        "metrics:secureMemoryMeterBinder",
                                        "checkpoint:secureMemoryCheckpointGuard",
                                        "validation:defaultValidator")
                                .map(entry -> entry.split(":"))
                                .filter(entry -> context.containsBean(entry[1]))
                                .map(entry -> entry[0])
                                .toList());
            }
        }
    }
}
