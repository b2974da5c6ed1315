package io.securememory.memcall;

import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract for the systems that cannot be run here, over simulations of their calls with real pages. */
@EnabledOnOs(OS.LINUX)
@ParameterizedClass
@MethodSource("systems")
class SimulatedMemCallContractTest extends MemCallContract {

    private final Platform platform;
    private final NativeAccess access;

    SimulatedMemCallContractTest(Platform platform, NativeAccess access) {
        this.platform = platform;
        this.access = access;
    }

    static Stream<Arguments> systems() {
        Stream<NativeAccess> ways =
                ForeignLibC.isAvailable() ? Stream.of(NativeAccess.JNA, NativeAccess.FFM) : Stream.of(NativeAccess.JNA);
        return ways.flatMap(way -> Platform.ALL.stream()
                .filter(each -> !each.system().equals("Linux"))
                .map(each -> Arguments.of(each, way)));
    }

    @Override
    NativeAccess access() {
        return access;
    }

    @Override
    boolean hasFork() {
        return platform != Platform.WINDOWS;
    }

    @Override
    MemCall open() {
        return platform.open(SimulatedLibraries.of(platform, access));
    }
}
