package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buffers of a virtual machine that does not collect when it is asked to, and has room for much more garbage than they make. */
@OnceInShortForm
class LentWithoutCollectionTest {

    private static Result child(String collector, String what) {
        return ChildJvm.onTestClassPath(LentWithoutCollectionProgram.class)
                .withNativeAccess()
                .options("-XX:+DisableExplicitGC", "-XX:+Use" + collector, "-Xms256m", "-Xmx256m", "-Xmn160m")
                .arguments(what)
                .run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SerialGC", "G1GC"})
    void droppedBuffersMakeRoomForMore(String collector) {
        Result result = child(collector, "dropped");

        assertThat(result.output()).contains("done");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void keptBuffersAreRefusedWithTheRemedyAndJavaChannelsAreStillWrittenTo() {
        Result result = child("SerialGC", "kept");

        assertThat(result.output())
                .contains("keep no buffer that asByteBuffer() returned")
                .contains("-XX:+DisableExplicitGC")
                .contains("done");
        assertThat(result.exitCode()).isZero();
    }
}
