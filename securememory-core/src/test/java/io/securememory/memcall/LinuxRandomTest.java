package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryCallException;
import io.securememory.testing.OnEverySystem;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random bytes on Linux come from the kernel's own call. The C library's function may write them itself: if it does, a page
 * that cannot be written ends the process.
 */
@OnEverySystem
class LinuxRandomTest {

    private static final long ADDRESS = 1L << 40;

    private final List<String> calls = new ArrayList<>();
    private final Deque<Long> results = new ArrayDeque<>();
    private int errno;

    private final MemCall memCall = new LinuxMemCall(
            (LibC) Proxy.newProxyInstance(
                    LibC.class.getClassLoader(),
                    new Class<?>[] {LibC.class},
                    (proxy, method, arguments) -> call(method, arguments)),
            LinuxConstants.GENERIC);

    private Object call(Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "sysconf" -> 4096L;
            case "mmap" -> ADDRESS;
            case "named" -> function((String) Objects.requireNonNull(arguments)[0]);
            case "errno" -> errno;
            default -> throw new AssertionError("not a call that was expected: " + method);
        };
    }

    private NamedFunction function(String name) {
        return (first, second, third, fourth, fifth) -> {
            calls.add(name + List.of(first, second, third, fourth, fifth));
            return results.remove();
        };
    }

    @Test
    void theKernelIsAskedUntilAllBytesAreThere() {
        MemoryRegion region = memCall.allocate(4096);
        long number = LinuxConstants.getrandom(System.getProperty("os.arch"));
        results.addAll(List.of(256L, 44L));

        memCall.fillRandom(region, 8, 300);

        assertThat(calls)
                .containsExactly(
                        "syscall" + List.of(number, ADDRESS + 8, 300L, 0L, 0L),
                        "syscall" + List.of(number, ADDRESS + 264, 44L, 0L, 0L));
    }

    @Test
    void aCallThatWasInterruptedIsRepeatedAndAFailureIsNamed() {
        MemoryRegion region = memCall.allocate(4096);
        errno = 4;
        results.addAll(List.of(-1L, 1L));
        memCall.fillRandom(region, 0, 1);
        assertThat(calls).hasSize(2);

        errno = 14;
        results.add(-1L);
        assertThatExceptionOfType(MemoryCallException.class)
                .isThrownBy(() -> memCall.fillRandom(region, 0, 1))
                .withMessageStartingWith("getrandom failed with errno 14 (EFAULT).");
    }

    @ParameterizedTest
    @CsvSource({
        "amd64, 318",
        "x86_64, 318",
        "aarch64, 278",
        "riscv64, 278",
        "loongarch64, 278",
        "s390x, 349",
        "ppc64le, 359",
        "PPC64LE, 359"
    })
    void eachProcessorHasItsNumberOfTheCall(String processor, long number) {
        assertThat(LinuxConstants.getrandom(processor)).isEqualTo(number);
    }
}
