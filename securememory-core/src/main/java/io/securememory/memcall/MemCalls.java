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
     * Returns the implementation with the best native access of this Java: the foreign function and memory API on Java
     * 22 and later, JNA before.
     *
     * @return a new instance without state of its own
     * @throws UnsupportedPlatformException if the platform is not supported or native access is denied
     */
    public static MemCall system() {
        return lookup(NativeAccess.AUTO);
    }

    /**
     * Returns the implementation with the given native access. It never changes to another silently.
     *
     * @param access which way to call native code
     * @return a new instance without state of its own
     * @throws UnsupportedPlatformException if the platform or the native access is not supported here; the message
     *     says what to do
     */
    public static MemCall lookup(NativeAccess access) {
        Objects.requireNonNull(access, "access");
        return Platform.current().open(SystemLibraries.of(access));
    }

    /**
     * Tells whether the memory calls of this operating system and processor are known.
     *
     * @return whether {@link #lookup} finds them, unless native access is denied or impossible
     */
    public static boolean isPlatformSupported() {
        return Platform.isCurrentSupported();
    }

    /**
     * Returns an implementation that protects nothing, for platforms that are not supported. It uses ordinary memory
     * outside the heap, and makes no native calls. Nothing can be locked; access and exclusions have no effect.
     *
     * @return a new instance
     */
    public static MemCall ordinaryMemory() {
        return new OrdinaryMemCall();
    }

    /**
     * Tells whether an implementation is one of {@link #ordinaryMemory}.
     *
     * @param memCall any implementation
     * @return whether it protects nothing
     */
    public static boolean isOrdinaryMemory(MemCall memCall) {
        return memCall instanceof OrdinaryMemCall;
    }

    /**
     * Tells whether an implementation calls the operating system for this process directly. All such implementations
     * share the limits of the process.
     *
     * @param memCall any implementation
     * @return true for what {@link #lookup} returns
     */
    public static boolean isOfThisProcess(MemCall memCall) {
        return memCall instanceof NativeMemCall;
    }

    /**
     * Returns the flags that the kernel itself shows for the pages at the start of a region, for reports and proofs.
     *
     * @param region a region of this library's own {@code MemCall}
     * @return flags on Linux as in the VmFlags line of proc_pid_smaps(5): {@code lo} locked, {@code dd} not dumped, {@code wf}
     *     wiped on fork, {@code dc} not inherited by fork; empty if the kernel does not show flags
     */
    public static Optional<Set<String>> kernelFlags(MemoryRegion region) {
        return evidence(region)
                .map(shown -> new LinkedHashSet<>(List.of(shown.flags().split(" "))));
    }

    /**
     * Returns what the operating system itself shows about the protection of the pages at the start of a region, for
     * reports and proofs.
     *
     * @param region a region of this library's own {@code MemCall}
     * @return the evidence; empty if the operating system shows nothing
     */
    public static Optional<PageEvidence> evidence(MemoryRegion region) {
        return region instanceof NativeRegion pages
                ? Platform.current().evidence().of(pages.memory(), pages.address())
                : Optional.empty();
    }

    /**
     * Returns what the operating system itself shows about the access to the pages at the start of each region. It shows
     * less than {@link #evidence} and takes less time, also for many regions.
     *
     * @param regions regions of this library's own {@code MemCall}
     * @return for each region, in the same order, evidence with one finding, or empty if the operating system shows nothing
     */
    public static List<Optional<PageEvidence>> accessEvidence(List<? extends MemoryRegion> regions) {
        List<String> mappings = MappingAccess.mappings();
        if (mappings.isEmpty()) { // This is not Linux.
            return regions.stream().map(MemCalls::evidence).toList();
        }
        return regions.stream()
                .map(region -> region instanceof NativeRegion pages
                        ? MappingAccess.evidence(mappings, pages.address())
                        : Optional.<PageEvidence>empty())
                .toList();
    }
}
