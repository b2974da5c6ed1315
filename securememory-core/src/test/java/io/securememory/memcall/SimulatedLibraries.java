package io.securememory.memcall;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The libraries of another operating system than this one: of Windows in a Wine process, or simulated. */
final class SimulatedLibraries implements NativeLibraries {

    private static final Map<Platform, BsdSystem> BSDS = Map.of(
            Platform.MACOS, BsdSystem.MACOS,
            Platform.FREEBSD, BsdSystem.FREEBSD,
            Platform.OPENBSD, BsdSystem.OPENBSD,
            Platform.NETBSD, BsdSystem.NETBSD);

    private final Platform platform;
    private final NativeAccess access;

    private SimulatedLibraries(Platform platform, NativeAccess access) {
        this.platform = platform;
        this.access = access;
    }

    /** The libraries of the platform that the system properties name now. */
    static NativeLibraries of(NativeAccess access) {
        return new SimulatedLibraries(Platform.current(), access);
    }

    static NativeLibraries of(Platform platform, NativeAccess access) {
        return new SimulatedLibraries(platform, access);
    }

    static LibC real(NativeAccess access) {
        boolean ffm = access == NativeAccess.FFM || (access == NativeAccess.AUTO && ForeignLibC.isAvailable());
        return ffm ? ForeignLibC.open() : new JnaLibC();
    }

    /** What macOS or a BSD has beside the constants of every POSIX system; null for other platforms. */
    static @Nullable BsdSystem bsd(Platform platform) {
        return BSDS.get(platform);
    }

    @Override
    public LibC libC() {
        BsdSystem bsd = bsd(platform);
        return bsd == null ? real(access) : new SimulatedBsd(real(access), bsd);
    }

    @Override
    public WindowsApi windows() {
        return WineHost.isHere() ? WineHost.open(access) : new SimulatedWindows(real(access));
    }
}
