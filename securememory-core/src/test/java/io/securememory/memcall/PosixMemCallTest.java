package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryCallException;
import io.securememory.MemoryLimitException;
import io.securememory.testing.OnEverySystem;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A system that is made up: its own numbers, words and calls are what counts, and nobody else's. */
@OnEverySystem
class PosixMemCallTest {

    private static final long UNLIMITED = Long.MAX_VALUE;

    private static final PosixConstants CONSTANTS =
            new PosixConstants(0x1000, 29, 104, 106, UNLIMITED, RandomFunction.GETRANDOM, new ErrorNumbers(35, 78, 84));

    private final List<String> calls = new ArrayList<>();
    private final Deque<Integer> mlocks = new ArrayDeque<>();
    private final Deque<Long> randoms = new ArrayDeque<>();
    private long limit = UNLIMITED;
    private boolean unmaps = true;
    private int errno;

    private final MemCall memCall = new MadeUpMemCall((LibC) Proxy.newProxyInstance(
            LibC.class.getClassLoader(),
            new Class<?>[] {LibC.class},
            (proxy, method, arguments) -> call(method, arguments)));

    private Object call(Method method, Object @Nullable [] arguments) {
        calls.add(method.getName() + Arrays.toString(arguments));
        return switch (method.getName()) {
            case "sysconf" -> 16384L;
            case "mmap" -> 1L << 40;
            case "mlock" -> mlocks.isEmpty() ? 0 : mlocks.pop();
            case "random" -> randoms.pop();
            case "getrlimit" -> {
                Arrays.fill((long[]) Objects.requireNonNull(arguments)[1], limit);
                yield 0;
            }
            case "munmap" -> unmaps ? 0 : -1;
            case "setrlimit" -> 0;
            case "errno" -> errno;
            default -> throw new AssertionError("not a call that was expected: " + method);
        };
    }

    @Test
    void theNumbersAreThoseOfTheSystem() {
        MemoryRegion region = memCall.allocate(1);
        memCall.disableCoreDumps();
        memCall.free(region);

        assertThat(region.size()).isEqualTo(16384);
        assertThat(calls)
                .contains("sysconf[29]", "mmap[16384, 3, " + (0x1000 | 2) + ", -1]")
                .contains("setrlimit[104, 0, " + UNLIMITED + "]");
        assertThat(calls.stream().filter(call -> call.startsWith("getrlimit")))
                .allSatisfy(call -> assertThat(call).startsWith("getrlimit[104, "));
    }

    @ParameterizedTest
    @CsvSource({
        // What getrlimit says; the limit
        "9223372036854775807, -1",
        "-1,                  -1",
        "9223372036854775806, 9223372036854775806",
        "0,                   0"
    })
    void unlimitedIsWhatTheSystemSaysForIt(long said, long expected) {
        limit = said;

        assertThat(memCall.lockLimit()).isEqualTo(new MemoryLockLimit(expected, expected, false));
        assertThat(calls.get(calls.size() - 1)).startsWith("getrlimit[106, ");
    }

    @Test
    void aLimitThatIsReachedIsToldByTheSystemsErrorNumber() {
        MemoryRegion region = memCall.allocate(1);
        limit = 8192;
        errno = 35; // EAGAIN here, and nothing that is known on Linux.
        mlocks.push(-1);

        assertThatExceptionOfType(MemoryLimitException.class)
                .isThrownBy(() -> memCall.lock(region))
                .satisfies(e -> assertThat(e.limitBytes()).isEqualTo(8192));
    }

    @Test
    void whatElseRefusesIsNamedInTheSystemsWords() {
        MemoryRegion region = memCall.allocate(1);
        errno = 78;
        mlocks.addAll(List.of(-1, -1, -1));

        assertThatExceptionOfType(MemoryCallException.class)
                .isThrownBy(() -> memCall.lock(region))
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("ENOSYS"))
                .satisfies(e -> assertThat(e.remedy()).isEqualTo("on lock: mlock ENOSYS"));
    }

    @Test
    void randomBytesAreAskedForUntilAllAreThereAndAFailureNamesTheSystemsFunction() {
        MemoryRegion region = memCall.allocate(1);
        randoms.addAll(List.of(256L, 44L, -1L));

        memCall.fillRandom(region, 8, 300);
        assertThat(calls.subList(calls.size() - 2, calls.size()))
                .containsExactly("random[" + ((1L << 40) + 8) + ", 300]", "random[" + ((1L << 40) + 264) + ", 44]");

        errno = 14;
        assertThatExceptionOfType(MemoryCallException.class)
                .isThrownBy(() -> memCall.fillRandom(region, 0, 1))
                .withMessage("getrandom failed with errno 14 (EFAULT). on call: getrandom EFAULT");
    }

    @Test
    void regionsThatCannotBeUnmappedAreNamedInTheSystemsWords() {
        MemoryRegion region = memCall.allocate(1);
        unmaps = false;
        errno = 12;

        assertThat(memCall.freeAll(List.of(region)))
                .hasEntrySatisfying(
                        region,
                        e -> assertThat(e).hasMessage("munmap failed with errno 12 (ENOMEM). on call: munmap ENOMEM"));
    }

    /** All that a system has to say for itself. */
    private static final class MadeUpMemCall extends PosixMemCall {

        MadeUpMemCall(LibC libC) {
            super(libC, CONSTANTS, new MadeUpAdvice());
        }

        @Override
        void keepOutOfDumps(NativeRegion pages) {
            throw new UnsupportedOperationException();
        }

        @Override
        void keepOutOfForks(NativeRegion pages) {
            throw new UnsupportedOperationException();
        }

        @Override
        long lockedBytes() {
            return -1;
        }

        @Override
        boolean mayLockWithoutLimit() {
            return false;
        }
    }

    private static final class MadeUpAdvice implements Advice {

        @Override
        public String onCall(String operation, @Nullable Errno error) {
            return "on call: " + operation + " " + error;
        }

        @Override
        public String onLock(String operation, @Nullable Errno error) {
            return "on lock: " + operation + " " + error;
        }

        @Override
        public String onLockLimit() {
            return "on the limit";
        }
    }
}
