package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.MemCalls;
import io.securememory.memcall.internal.RawMemory;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Needs;
import io.securememory.testing.Result;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Touches that no public API allows must end the process. */
class GuardPageTest {

    private static final int ABORTED = 134;

    @ParameterizedTest
    @ValueSource(strings = {"closed-page", "guard-before", "guard-after", "write-while-readable"})
    void forbiddenTouchEndsTheProcess(String touch, @TempDir Path directory) throws Exception {
        Result result = child(touch, directory);

        assertThat(result.output())
                .contains("about to touch")
                .contains("SIGSEGV")
                .doesNotContain("survived");
        assertThat(result.exitCode()).isEqualTo(ABORTED);
    }

    @Test
    void permittedTouchDoesNot(@TempDir Path directory) throws Exception {
        Result result = child("read-while-readable", directory);

        assertThat(result.output()).contains("survived");
        assertThat(result.exitCode()).isZero();
    }

    private static Result child(String touch, Path directory) throws Exception {
        String[] withoutDump = {"prlimit", "--core=0"};
        Needs.launcher(withoutDump);
        return ChildJvm.onTestClassPath(Toucher.class)
                .options("-Dtouch=" + touch, "-Xmx32m")
                .quickStart()
                .startedBy(withoutDump)
                .run(directory);
    }

    /** The child: touches a page through a buffer that only tests can make. */
    static final class Toucher {

        private Toucher() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) {
            MemGuard guard = MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS);
            LockedBuffer buffer = guard.allocate(32);
            int page = MemCalls.system().pageSize();
            ByteBuffer whole = ((RawMemory) buffer.memory().pages().whole()).newBuffer();
            int read = buffer.<Integer, RuntimeException>withBytes(view -> {
                System.out.println("about to touch " + System.getProperty("touch"));
                return switch (System.getProperty("touch")) {
                    case "guard-before" -> (int) whole.get(page - 1);
                    case "guard-after" -> (int) whole.get(2 * page);
                    case "write-while-readable" -> whole.put(page, (byte) 1).position();
                    case "read-while-readable" -> (int) whole.get(page);
                    default -> 0;
                };
            });
            if (System.getProperty("touch").equals("closed-page")) {
                read += whole.get(2 * page - 1);
            }
            System.out.println("survived " + read);
        }
    }
}
