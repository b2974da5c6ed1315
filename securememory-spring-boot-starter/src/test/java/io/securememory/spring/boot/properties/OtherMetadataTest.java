package io.securememory.spring.boot.properties;

import static io.securememory.spring.boot.properties.PropertyNamesTest.withVariables;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.securememory.spring.boot.testsupport.Starter;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.StreamUtils;

/** Whose properties the metadata on the class path describes, however it is written and whichever parser of JSON is there. */
@Tag("boot")
class OtherMetadataTest {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private static final String PRETTY = """
            {
              "groups": [
                {
                  "name": "securememory.vault",
                  "type": "com.example.Vault",
                  "sourceType": "com.example.Vault"
                }
              ],
              "properties": [
                {
                  "name": "securememory.vault.address",
                  "type": "java.util.Map<java.lang.String,java.util.List<java.lang.String>>",
                  "description": "Where it is, as in {\\"name\\": \\"securememory.not.this\\"}, [or] \\\\",
                  "defaultValue": ["a", {"name": "x"}]
                },
                {
                  "type": "java.lang.String",
                  "deprecation": {
                    "level": "warning",
                    "replacement": "securememory.vault.color"
                  },
                  "name": "securememory.vault.colour"
                }
              ],
              "hints": [
                {
                  "name": "securememory.vault.hinted",
                  "providers": [{"name": "securememory.vault.provider"}]
                }
              ]
            }
            """;

    @TempDir
    Path directory;

    /** Compact, as every parser of JSON reads all of that. */
    @ParameterizedTest
    @ValueSource(strings = {"SECURE_MEMORY_", "SECURE__MEMORY_", "S_ECUREMEMORY_", "secure_memory_", "Secure_Memory__"})
    void whatOurOwnMetadataDescribesBelongsToNobodyElse(String prefix) throws IOException {
        String[] variables = KnownProperty.ALL.stream()
                .map(known -> known.asVariable("key").substring("SECUREMEMORY_".length()))
                .map(words -> prefix + (prefix.startsWith("s") ? words.toLowerCase(Locale.ROOT) : words))
                .toArray(String[]::new);
        for (String own : List.of(own(), compact(own()))) {
            withVariables(
                    runner(own),
                    (failure, remedy) -> assertThat(variables)
                            .hasSizeGreaterThan(20)
                            .allSatisfy(variable -> assertThat(failure).contains(" " + variable + " is not known")),
                    variables);
        }
    }

    @Test
    void whatIsBelowOurOwnGroupsBelongsToNobodyElse() throws IOException {
        withVariables(
                runner(compact(own())),
                (failure, remedy) -> assertThat(failure)
                        .contains(
                                "SECURE_MEMORY_SIGNALS_NAMES_0 is not known",
                                "SECURE_MEMORY_MLOCK is not known",
                                "SECURE_MEMORY_MLOCK_POLCY is not known",
                                "SECUREMEMORY_POOL_MAX is not known",
                                "SECUREMEMORY_STORAGE_X is not known"),
                "SECURE_MEMORY_SIGNALS_NAMES_0",
                "SECURE_MEMORY_MLOCK",
                "SECURE_MEMORY_MLOCK_POLCY",
                "SECUREMEMORY_POOL_MAX",
                "SECUREMEMORY_STORAGE_X");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"securememory.vault.address", "securememory.vault.colour", "securememory.vault.address.a.b"})
    void propertiesOfAnotherModuleAreLeftAlone(String property) throws IOException {
        for (String other :
                List.of(PRETTY, compact(PRETTY), PRETTY.replace("\n", "\r\n"), PRETTY.replace(":", "\t:\n"))) {
            runner(own(), other)
                    .withPropertyValues(property + "=x")
                    .run(context -> assertThat(context).hasNotFailed());
        }
        runner(own())
                .withPropertyValues(property + "=x")
                .run(context -> assertThat(context).hasFailed());
    }

    @ParameterizedTest
    @CsvSource({
        "secure.memory.color, SECURE_MEMORY_COLOR",
        "secure-memory.color, SECURE_MEMORY_COLOR",
        "secure.memory.mlock.policy, SECURE_MEMORY_MLOCK_POLICY",
        "securememory.secrets-ui.color, SECUREMEMORY_SECRETS_UI_COLOR"
    })
    void variablesOfAnotherModuleAreLeftAlone(String described, String variable) throws IOException {
        String other = "{\"properties\":[{\"name\":\"" + described + "\"}]}";
        withVariables(
                runner(own(), other), (failure, remedy) -> assertThat(failure).isEmpty(), variable);
        withVariables(runner(own()), (failure, remedy) -> assertThat(failure).contains(variable), variable);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "securememory.[", "securememory.a]", "securememory..vault", ".securememory.vault", "securememory.",
                        "securememory",
                "secure.memory[0]", "securememory.[]", "securememory.vault[", "securememory._", "securememory.mlock",
                        "Secure_Memory.x"
            })
    void aNameThatIsNoneExplainsNothing(String described) throws IOException {
        String other = "{\"properties\":[{\"name\":\"" + described + "\"}]}";
        withVariables(
                runner(own(), other),
                (failure, remedy) -> assertThat(failure).contains("SECURE_MEMORY_MLOCK_POLICY", "SECUREMEMORY_OTHER"),
                "SECURE_MEMORY_MLOCK_POLICY",
                "SECUREMEMORY_OTHER");
    }

    @Test
    void namesAreThoseOfPropertiesOnly() {
        assertThat(MetadataNames.in(PRETTY))
                .containsExactly("securememory.vault.address", "x", "securememory.vault.colour");
        assertThat(MetadataNames.in(compact(PRETTY))).containsExactlyElementsOf(MetadataNames.in(PRETTY));
        assertThat(MetadataNames.in("{\"description\":\"properties\",\"groups\":[{\"name\":\"a.b\"}]}"))
                .isEmpty();
    }

    @Test
    void escapesAreRead() {
        assertThat(MetadataNames.in("""
                        {"propert\\u0069es": [
                          {"\\u006eame": "secure\\u006Demory\\u002evault"}, {"name": "a\\"b\\\\c\\/d\\n\\t\\r\\b\\fe"},
                          {"description": "ends with \\\\", "name": "f"}, {"name": "\\uZZZZ"}, {"name": "\\q"}]}"""))
                .containsExactly("securememory.vault", "a\"b\\c/d\n\t\r\b\fe", "f", "uZZZZ", "q");
    }

    @Test
    void whatIsThereOfADamagedFileIsRead() {
        int second = PRETTY.indexOf("\"securememory.vault.colour") + 5;
        assertThat(MetadataNames.in(PRETTY.substring(0, second))).contains("securememory.vault.address");
        assertThat(MetadataNames.in("\uFEFF" + PRETTY)).contains("securememory.vault.colour");
        assertThat(MetadataNames.in("// note\n" + PRETTY)).contains("securememory.vault.colour");
        assertThat(MetadataNames.in(PRETTY.replaceFirst("},\n    \\{\n      \"type", ",\n \"type")))
                .contains("securememory.vault.colour");
        assertThat(MetadataNames.in(PRETTY.replace(",", ""))).contains("securememory.vault.colour");
        for (String nothing : List.of("", "\"", "\\", "{", "]]]]", "\"\\", "\"\\u", "\"\\u00", "null", "\0\0")) {
            assertThat(MetadataNames.in(nothing)).as(nothing).isEmpty();
        }
        for (int end = 0; end < PRETTY.length(); end++) {
            assertThat(MetadataNames.in(PRETTY.substring(0, end)))
                    .isSubsetOf("securememory.vault.address", "x", "securememory.vault.colour");
        }
    }

    @Test
    void aLongTextIsNoReasonToFail() {
        String description = "\\\"[{".repeat(500_000);
        assertThat(MetadataNames.in("{\"properties\":[{\"description\":\"" + description + "\",\"name\":\"a.b\"}]"
                        + "[".repeat(500_000)))
                .containsExactly("a.b");
    }

    private static String own() throws IOException {
        List<String> own = new ArrayList<>();
        for (URL file : Collections.list(KnownProperty.class.getClassLoader().getResources(METADATA))) {
            String text = StreamUtils.copyToString(file.openStream(), StandardCharsets.UTF_8);
            if (text.contains("\"securememory.mlock.policy\"")) {
                own.add(text);
            }
        }
        assertThat(own).as("metadata of this module").hasSize(1);
        return own.get(0);
    }

    private static String compact(String json) {
        return JsonPath.parse(json).jsonString();
    }

    private ApplicationContextRunner runner(String... metadata) throws IOException {
        List<URL> files = new ArrayList<>();
        for (String text : metadata) {
            Path file = Files.createTempFile(directory, "metadata", ".json");
            files.add(Files.writeString(file, text).toUri().toURL());
        }
        return Starter.runner().withClassLoader(new WithMetadata(files));
    }

    /** A class path whose configuration metadata is in these files. */
    private static final class WithMetadata extends FilteredClassLoader {

        private final List<URL> files;

        WithMetadata(List<URL> files) {
            super("none");
            this.files = files;
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.equals(METADATA) ? Collections.enumeration(files) : super.getResources(name);
        }
    }
}
