package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryCallException;
import io.securememory.testing.OnEverySystem;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linux has two advices that keep pages from children. Kernels and seccomp profiles may refuse either of them. */
@OnEverySystem
class LinuxForkExclusionTest {

    private static final int EPERM = 1;
    private static final int EINVAL = 22;

    private final List<Integer> advices = new ArrayList<>();
    private int errno;

    @ParameterizedTest
    @ValueSource(ints = {EPERM, EINVAL, 38, 12})
    void anAdviceThatIsRefusedIsReplacedByTheOther(int refusal) {
        MemCall memCall = refusing(Map.of(LinuxConstants.MADV_WIPEONFORK, refusal));

        memCall.excludeFromFork(memCall.allocate(1));

        assertThat(advices).containsExactly(LinuxConstants.MADV_WIPEONFORK, LinuxConstants.MADV_DONTFORK);
    }

    @Test
    void theFirstAdviceIsEnough() {
        MemCall memCall = refusing(Map.of(LinuxConstants.MADV_DONTFORK, EPERM));

        memCall.excludeFromFork(memCall.allocate(1));

        assertThat(advices).containsExactly(LinuxConstants.MADV_WIPEONFORK);
    }

    @Test
    void ifBothAreRefusedTheLastOneIsNamedWithItsError() {
        MemCall memCall = refusing(Map.of(LinuxConstants.MADV_WIPEONFORK, EINVAL, LinuxConstants.MADV_DONTFORK, EPERM));
        MemoryRegion region = memCall.allocate(1);

        assertThatExceptionOfType(MemoryCallException.class)
                .isThrownBy(() -> memCall.excludeFromFork(region))
                .withMessageStartingWith("madvise(DONTFORK) failed with errno 1 (EPERM)");
    }

    /** A C library that refuses these advices with these error numbers. */
    private MemCall refusing(Map<Integer, Integer> refusals) {
        LibC libC = (LibC) Proxy.newProxyInstance(
                LibC.class.getClassLoader(),
                new Class<?>[] {LibC.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "sysconf" -> 4096L;
                    case "mmap" -> 1L << 40;
                    case "madvise" -> advise((int) arguments[2], refusals);
                    case "errno" -> errno;
                    default -> throw new AssertionError("not a call that was expected: " + method);
                });
        return new LinuxMemCall(libC, LinuxConstants.GENERIC);
    }

    private int advise(int advice, Map<Integer, Integer> refusals) {
        advices.add(advice);
        errno = refusals.getOrDefault(advice, 0);
        return errno == 0 ? 0 : -1;
    }
}
