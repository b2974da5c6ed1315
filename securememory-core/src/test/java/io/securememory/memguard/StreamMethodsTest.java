package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What our streams inherit from the JDK, of this version and of those to come: nothing that has an array of its own. */
class StreamMethodsTest {

    private static List<String> inherited(Class<?> ours, Class<?> jdk) {
        return Arrays.stream(ours.getMethods())
                .filter(method -> method.getDeclaringClass() == jdk && !Modifier.isStatic(method.getModifiers()))
                .map(StreamMethodsTest::signature)
                .toList();
    }

    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .toList();
    }

    @Test
    void inputStreamsInheritOnlyWhatReadsIntoArraysOfTheCaller() throws ClassNotFoundException {
        for (Class<?> ours : List.of(EnclaveInputStream.class, Class.forName("io.securememory.SecretInputStream"))) {
            assertThat(inherited(ours, InputStream.class))
                    .as(ours.getName())
                    .containsExactlyInAnyOrder(
                            "close[]",
                            "mark[int]",
                            "markSupported[]",
                            "read[byte[]]",
                            "readNBytes[byte[], int, int]",
                            "reset[]",
                            "skipNBytes[long]");
        }
    }

    @Test
    void outputStreamInheritsOnlyWhatPassesTheCallersArrayOn() {
        assertThat(inherited(EnclaveOutputStream.class, OutputStream.class))
                .containsExactlyInAnyOrder("close[]", "flush[]", "write[byte[]]");
    }
}
