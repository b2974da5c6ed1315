package io.securememory.memcall;

import io.securememory.UnsupportedPlatformException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Finds the {@link MemCall} of this machine and this Java. */
public final class MemCalls {

    private MemCalls() {}

    /**
     * Returns the best way that this Java has: the foreign function and memory API on 22 and later, JNA before.
     *
     * @return a new instance without state of its own
     * @throws UnsupportedPlatformException if the platform is not supported or native access is denied
     */
    public static MemCall system() {
        return lookup(NativeAccess.AUTO);
    }

    /**
     * Returns the way that is asked for. There is no silent change to another.
     *
     * @param access which way to call native code
     * @return a new instance without state of its own
     * @throws UnsupportedPlatformException if the platform or the way is not supported here, with the remedy
     */
    public static MemCall lookup(NativeAccess access) {
        Objects.requireNonNull(access, "access");
        return Platform.current().open(libC(access));
    }

    /**
     * Tells whether calls go to this process' operating system and nowhere else, so that its limits are those of all who
     * use them.
     *
     * @param memCall any implementation
     * @return true for what {@link #lookup} returns
     */
    public static boolean isOfThisProcess(MemCall memCall) {
        return memCall instanceof PosixMemCall;
    }

    /**
     * Returns what the kernel itself says of the pages at the start of a region, for reports and proofs.
     *
     * @param region a region of this library's own {@code MemCall}
     * @return flags as in the VmFlags line of proc_pid_smaps(5): {@code lo} locked, {@code dd} not dumped, {@code wf}
     *     wiped on fork, {@code dc} not inherited by fork; empty where the kernel does not say
     */
    public static Optional<Set<String>> kernelFlags(MemoryRegion region) {
        return evidence(region)
                .map(shown -> new LinkedHashSet<>(List.of(shown.flags().split(" "))));
    }

    /**
     * Returns what the operating system itself shows of the protection of the pages at the start of a region, for reports and
     * proofs.
     *
     * @param region a region of this library's own {@code MemCall}
     * @return what it shows; empty where it shows nothing
     */
    public static Optional<PageEvidence> evidence(MemoryRegion region) {
        return region instanceof NativeRegion pages
                ? Platform.current().evidence().apply(pages.address())
                : Optional.empty();
    }

    private static LibC libC(NativeAccess access) {
        boolean ffm = access == NativeAccess.FFM || (access == NativeAccess.AUTO && ForeignLibC.isAvailable());
        return ffm ? ForeignLibC.open() : openJna();
    }

    private static LibC openJna() {
        try {
            return new JnaLibC();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Error e) { // Not a LinkageError alone: JNA throws an Error if it finds a library of another version.
            throw JnaFailure.of(e);
        }
    }
}
