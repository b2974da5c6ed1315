package io.securememory.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * How the executable jar reaches native code: by the foreign function and memory API from Java 22, where the sample runs
 * under {@code --illegal-native-access=deny}, and by JNA before.
 */
@ExtendWith(SharedSample.class)
class NativeAccessIT {

    private static final boolean FFM = Runtime.version().feature() >= 22;

    private final SampleProcess sample;

    NativeAccessIT(SampleProcess sample) {
        this.sample = sample;
    }

    @BeforeEach
    void useTheKey() {
        assertThat(sample.post("/sign", "x".getBytes(UTF_8)).statusCode()).isEqualTo(200);
    }

    @Test
    void endpointNamesTheWayOfThisJava() {
        String body = sample.get("/actuator/securememory").body();

        assertThat(JsonPath.<String>read(body, "$.nativeAccess")).isEqualTo(FFM ? "ffm" : "jna");
    }

    @Test
    void jnaIsLoadedBeforeJava22Only() throws IOException {
        String classes = Files.readString(sample.directory().resolve(SharedSample.CLASSES));

        assertThat(classes).contains("io.securememory.SecureMemory ");
        assertThat(classes.contains("com.sun.jna.")).isEqualTo(!FFM);
        assertThat(classes.contains("java.lang.foreign.Linker ")).isEqualTo(FFM);
    }

    /** Of the start, for which it has loaded its key. Other tests send the same sample what it may well complain of. */
    @Test
    void noWarningIsPrinted() {
        String output = sample.output();
        int started = output.indexOf("Started SampleApplication");
        assertThat(started).isPositive();
        assertThat(output.substring(0, started)).doesNotContain("WARN");
        assertThat(sample.errors()).isEmpty();
    }
}
