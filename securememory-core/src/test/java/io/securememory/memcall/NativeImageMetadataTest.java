package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnEverySystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A native image makes only those calls to native code that its metadata lists. */
@OnEverySystem
class NativeImageMetadataTest {

    private static final Path SOURCE =
            Path.of(System.getProperty("basedir", ""), "src/main/java22/io/securememory/memcall/ForeignLibC.java");

    private static final String METADATA =
            "/META-INF/native-image/io.securememory/securememory-core/reachability-metadata.json";

    /** The one descriptor is linked twice. */
    private static final List<String> CALLS = List.of("downcallHandle(SHAPE)", "downcallHandle(SHAPE, CAPTURE_ERRNO)");

    private static final Pattern DESCRIPTOR = Pattern.compile("FunctionDescriptor\\.of\\(([^)]*)\\)");

    @Test
    void theMetadataListsEveryDescriptorAndNoOther() throws IOException {
        String source = Files.readString(SOURCE);
        List<MatchResult> descriptors = DESCRIPTOR.matcher(source).results().toList();
        assertThat(descriptors).hasSize(1);
        for (String call : CALLS) {
            assertThat(source).as(call).containsOnlyOnce(call);
        }
        assertThat(count(source, "downcallHandle(")).isEqualTo(CALLS.size());

        MatchResult shape = descriptors.get(0);
        assertThat(metadata())
                .isEqualTo("{\n  \"foreign\": {\n    \"downcalls\": [\n" + downcall(shape, false) + ",\n"
                        + downcall(shape, true) + "\n    ]\n  }\n}\n");
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
