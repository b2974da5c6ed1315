package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnEverySystem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A native image makes only those calls to native code that its metadata lists. */
@OnEverySystem
class NativeImageMetadataTest {

    private static final Path SOURCES =
            Path.of(System.getProperty("basedir", ""), "src/main/java22/io/securememory/memcall");

    private static final String METADATA =
            "/META-INF/native-image/io.securememory/securememory-core/reachability-metadata.json";

    private static final Pattern DESCRIPTOR = Pattern.compile("FunctionDescriptor\\.of\\(([^)]*)\\)");

    /** Each class links its one descriptor twice. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ForeignLibC | downcallHandle(SHAPE, CAPTURE_ERRNO)",
                "ForeignWindowsApi | downcallHandle(SHAPE, Linker.Option.captureCallState(LAST_ERROR))"
            })
    void theMetadataListsEveryDescriptorAndNoOther(String name, String withError) throws IOException {
        String source = Files.readString(SOURCES.resolve(name + ".java"));
        List<MatchResult> descriptors = DESCRIPTOR.matcher(source).results().toList();
        assertThat(descriptors).hasSize(1);
        assertThat(source).containsOnlyOnce("downcallHandle(SHAPE)").containsOnlyOnce(withError);
        assertThat(count(source, "downcallHandle(")).isEqualTo(2);

        MatchResult shape = descriptors.get(0);
        assertThat(metadata())
                .isEqualTo("{\n  \"foreign\": {\n    \"downcalls\": [\n" + downcall(shape, false) + ",\n"
                        + downcall(shape, true) + "\n    ]\n  }\n}\n");
    }

    @Test
    void noOtherClassLinksFunctions() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files.filter(file -> text(file).contains("downcallHandle("))
                            .map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("ForeignLibC.java", "ForeignWindowsApi.java");
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String downcall(MatchResult descriptor, boolean withErrno) {
        List<String> types = Arrays.stream(descriptor.group(1).split(","))
                .map(layout -> switch (layout.strip()) {
                    case "JAVA_LONG" -> "\"jlong\"";
                    default -> throw new AssertionError("a layout without a name here: " + layout);
                })
                .toList();
        return "      {\"returnType\": " + types.get(0) + ", \"parameterTypes\": " + types.subList(1, types.size())
                + (withErrno ? ", \"options\": {\"captureCallState\": true}}" : "}");
    }

    private static int count(String text, String part) {
        Matcher matcher = Pattern.compile(part, Pattern.LITERAL).matcher(text);
        return (int) matcher.results().count();
    }

    private static String metadata() throws IOException {
        try (InputStream in = NativeImageMetadataTest.class.getResourceAsStream(METADATA)) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
