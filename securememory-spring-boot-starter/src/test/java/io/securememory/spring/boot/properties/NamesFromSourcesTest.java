package io.securememory.spring.boot.properties;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** One name from each source: it is the name of the secret, or the start fails and says what to write. */
@Tag("boot")
class NamesFromSourcesTest {

    private static final String ENVIRONMENT = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

    @TempDir
    Path directory;

    static Stream<Arguments> eachSource() {
        return crossed(List.of(
                ".key",
                ".db-password",
                ".db_password",
                ".DB_PASSWORD",
                ".dbPassword",
                ".key1",
                ".1",
                ".a-",
                "[db.password]",
                "[db-password]",
                "[Key]",
                "[a b/c]",
                "[schlüssel]",
                "[a[b]]",
                "[-x]"));
    }

    private static Stream<Arguments> crossed(List<String> names) {
        return Arrays.stream(WrittenIn.values())
                .flatMap(source -> names.stream().map(name -> Arguments.of(source, name)));
    }

    @ParameterizedTest
    @MethodSource("eachSource")
    void aNameIsTakenAsItIs(WrittenIn source, String written) {
        String name = written.startsWith("[") ? written.substring(1, written.length() - 1) : written.substring(1);
        run(context -> isDeclared(context, name), source.of("securememory.secrets" + written + ".location", file()));
    }

    static Stream<Arguments> eachSourceOfBrokenNames() {
        return crossed(List.of("tls.key", "schlüssel", "a b", "a/b", "-x", "a.b.c", "key$"));
    }

    @ParameterizedTest
    @MethodSource("eachSourceOfBrokenNames")
    void aNameThatWouldBecomeAnotherOneIsRefusedWithTheBracketsToWrite(WrittenIn source, String name) {
        String property = "securememory.secrets." + name + ".location";
        run(
                context -> assertThat(context.getStartupFailure())
                        .isInstanceOfSatisfying(PropertyNameException.class, failure -> {
                            assertThat(failure).hasMessageContaining("The property " + property);
                            assertThat(failure.remedy())
                                    .contains("Write securememory.secrets[" + name
                                            + "].location (in YAML the key is \"[" + name + "]\")");
                        }),
                source.of(property, file()));
    }

    @ParameterizedTest
    @CsvSource({
        "KEY,             key",
        "DB_PASSWORD,     db-password",
        "DBPASSWORD,      dbpassword",
        "db_password,     db-password",
        "TLS_KEY_1,       tls-key-1",
        "1,               1",
        "A__B,            a-b",
        "A_LOCATION,      a-location",
        "TRIM,            trim",
        "DB-PASSWORD,     db-password"
    })
    void aVariableAloneDeclaresASecretOfItsWordsWithDashesBetween(String words, String name) {
        run(context -> isDeclared(context, name), environment(variable(words, "LOCATION"), file()));
    }

    @ParameterizedTest
    @CsvSource({
        "DB_PASSWORD,  .db-password",
        "DBPASSWORD,   .db-password",
        "DB_PASSWORD,  .db_password",
        "DBPASSWORD,   .db_password",
        "DB_PASSWORD,  .dbPassword",
        "DBPASSWORD,   .dbPassword",
        "D_B_PASSWORD, .DB_PASSWORD",
        "DB_PASSWORD,  [db.password]",
        "DB_PASSWORD,  [DB-Password]",
        "KEY_1,        .key-1",
        "KEY1,         .key_1",
        "1,            .1",
        "A_B_C,        '[a b/c]'"
    })
    void aVariableIsTheNameThatIsDeclaredElsewhereWithTheSameLetters(String words, String written) {
        String name = written.startsWith("[") ? written.substring(1, written.length() - 1) : written.substring(1);
        String missing = "file:" + directory.resolve("nothing");
        run(
                context -> isDeclared(context, name),
                environment(variable(words, "LOCATION"), file()),
                WrittenIn.PROPERTIES.of("securememory.secrets" + written + ".location", missing));
    }

    @Test
    void whatComesBeforeTheEnvironmentWinsOverAVariable() {
        run(
                context -> isDeclared(context, "db.password"),
                WrittenIn.COMMAND_LINE.of("securememory.secrets[db.password].location", file()),
                environment(variable("DB_PASSWORD", "LOCATION"), "file:" + directory.resolve("nothing")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RELOAD_INTERVAL", "RELOADINTERVAL"})
    void aPropertyOfSeveralWordsIsFoundWhateverDividesThem(String property) {
        run(
                context -> assertThat(context.getStartupFailure())
                        .hasMessageContaining("securememory.secrets.db-password.reload-interval is 1 ms"),
                environment(
                        Map.of(variable("DB_PASSWORD", "LOCATION"), file(), variable("DBPASSWORD", property), "1ms")));
    }

    @Test
    void aVariableThatMayBeSeveralNamesIsRefusedWithAllOfThem() {
        run(
                context -> refused(
                        context,
                        "The environment variable SECUREMEMORY_SECRETS_DB_PASSWORD_LOCATION may mean each of these names"
                                + " below securememory.secrets: 'db-password', 'db.password'.",
                        "choose names that differ in letters or digits"),
                environment(variable("DB_PASSWORD", "LOCATION"), file()),
                WrittenIn.PROPERTIES.of("securememory.secrets.db-password.location", file()),
                WrittenIn.YAML.of("securememory.secrets[db.password].location", file()));
    }

    @Test
    void twoVariablesForOnePropertyAreRefused() {
        run(
                context -> refused(
                        context,
                        "are both securememory.secrets.db-password.location.",
                        "Set one of SECUREMEMORY_SECRETS_DB"),
                environment(Map.of(
                        variable("DB_PASSWORD", "LOCATION"), file(), variable("DBPASSWORD", "LOCATION"), file())));
    }

    @ParameterizedTest
    @CsvSource({".db_password, .db-password", ".dbPassword, .db-password", "[Key], .key", "[a-b], [a_b]"})
    void twoNamesThatSpringBootDoesNotTellApartAreRefused(String first, String second) {
        run(
                context -> refused(context, "Spring Boot does not tell the names", "write it in one way everywhere"),
                WrittenIn.COMMAND_LINE.of("securememory.secrets" + first + ".location", file()),
                WrittenIn.PROPERTIES.of("securememory.secrets" + second + ".location", file()));
    }

    @Test
    void aNameWithAndWithoutBracketsIsRefusedWhereOneHalfIsLeftOut() {
        run(
                context -> refused(context, "do not belong together", "Write both with brackets, or both without."),
                new MapPropertySource("first", Map.of("securememory.secrets[a-b].trim", "false")),
                WrittenIn.PROPERTIES.of("securememory.secrets.a-b.location", file()));
        run(
                context -> isDeclared(context, "a-b"),
                WrittenIn.COMMAND_LINE.of("securememory.secrets[a-b].location", file()),
                WrittenIn.PROPERTIES.of("securememory.secrets.a-b.location", "file:/nothing"));
    }

    @Test
    void aBundleOfAVariableHasItsName() {
        run(
                context -> assertThat(
                                context.getBean(SecureMemorySslProperties.class).bundle())
                        .containsOnlyKeys("my-web"),
                runner -> runner.withUserConfiguration(Bundles.class),
                environment("SECUREMEMORY_SSL_BUNDLE_MY_WEB_PRIVATE_KEY", "key"));
    }

    @EnableConfigurationProperties(SecureMemorySslProperties.class)
    static class Bundles {}

    private static void refused(AssertableApplicationContext context, String message, String remedy) {
        assertThat(context.getStartupFailure()).isInstanceOfSatisfying(PropertyNameException.class, failure -> {
            assertThat(failure).hasMessageContaining(message).hasMessageNotContaining("file:");
            assertThat(failure.remedy()).contains(remedy);
        });
    }

    private static void isDeclared(AssertableApplicationContext context, String name) {
        assertThat(context).hasNotFailed();
        assertThat(context.getBeanNamesForType(Secret.class)).containsExactly(name);
        assertThat(context.getBean(SecretStore.class).names()).containsExactly(name);
        assertThat(text(context.getBean(name, Secret.class))).isEqualTo(MARKER);
    }

    private String file() {
        return "file:" + write(directory, "key", MARKER);
    }

    private static String variable(String name, String property) {
        return "SECUREMEMORY_SECRETS_" + name + "_" + property;
    }

    private static PropertySource<?> environment(String name, String value) {
        return environment(Map.of(name, value));
    }

    private static PropertySource<?> environment(Map<String, Object> variables) {
        return new SystemEnvironmentPropertySource(ENVIRONMENT, variables);
    }

    private static void run(Check check, PropertySource<?>... sources) {
        run(check, Function.identity(), sources);
    }

    /** In the order of precedence. */
    private static void run(
            Check check,
            Function<ApplicationContextRunner, ApplicationContextRunner> more,
            PropertySource<?>... sources) {
        more.apply(Starter.runner())
                .withInitializer(context -> {
                    MutablePropertySources all = context.getEnvironment().getPropertySources();
                    all.stream()
                            .map(PropertySource::getName)
                            .collect(Collectors.toList())
                            .forEach(all::remove);
                    Arrays.stream(sources).forEach(all::addLast);
                })
                .run(check::check);
    }

    @FunctionalInterface
    private interface Check {
        void check(AssertableApplicationContext context);
    }
}
