package io.securememory.memcall;

import io.securememory.UnsupportedPlatformException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of supported platforms. The operating system, the processor and the size of a machine word
 * determine the row.
 *
 * @param system the beginning of Java's name for the operating system
 * @param processors Java's names for the processors
 * @param constants the numbers of a POSIX system, which are the same for all these processors; null on Windows
 * @param memCall creates the system's implementation
 * @param evidence reads what the kernel shows of a page
 */
record Platform(
        String system,
        List<String> processors,
        @Nullable PosixConstants constants,
        Function<NativeLibraries, MemCall> memCall,
        Evidence evidence) {

    /** All supported platforms have machine words of so many bits. */
    private static final int WORD_SIZE = 64;

    /** Linux on processors whose kernel numbers the constants of mmap, madvise and rlimit in the generic way. */
    static final Platform LINUX = new Platform(
            "Linux",
            List.of("aarch64", "amd64", "loongarch64", "riscv64", "s390x", "x86_64"),
            LinuxConstants.GENERIC,
            libraries -> new LinuxMemCall(libraries.libC(), LinuxConstants.GENERIC),
            (memory, address) -> LinuxPageFlags.evidence(address));

    /** Linux on little-endian POWER. */
    static final Platform LINUX_POWER = new Platform(
            "Linux",
            List.of("ppc64le"),
            LinuxConstants.POWER,
            libraries -> new LinuxMemCall(libraries.libC(), LinuxConstants.POWER),
            (memory, address) -> LinuxPageFlags.evidence(address));

    static final Platform MACOS = bsd("Mac OS X", BsdSystem.MACOS, "aarch64", "x86_64");
    static final Platform FREEBSD = bsd("FreeBSD", BsdSystem.FREEBSD, "aarch64", "amd64", "x86_64");
    static final Platform OPENBSD = bsd("OpenBSD", BsdSystem.OPENBSD, "amd64", "x86_64");
    static final Platform NETBSD = bsd("NetBSD", BsdSystem.NETBSD, "amd64", "x86_64");

    static final Platform WINDOWS = new Platform(
            "Windows",
            List.of("aarch64", "amd64"),
            null,
            libraries -> new WindowsMemCall(libraries.windows()),
            WindowsPageFacts::evidence);

    /** One row for each table of constants. */
    static final List<Platform> ALL = List.of(LINUX, LINUX_POWER, MACOS, FREEBSD, OPENBSD, NETBSD, WINDOWS);

    /** Reads what the kernel shows of a page. */
    interface Evidence {
        Optional<PageEvidence> of(NativeMemory memory, long address);
    }

    private static Platform bsd(String system, BsdSystem bsd, String... processors) {
        return new Platform(
                system,
                List.of(processors),
                bsd.constants(),
                libraries -> new BsdMemCall(libraries.libC(), bsd),
                (memory, address) -> Optional.empty());
    }

    /**
     * Finds a platform by the names that Java gives.
     *
     * @throws UnsupportedPlatformException if there is none
     */
    static Platform of(String osName, String osArch, int wordSize) {
        return find(osName, osArch, wordSize).orElseThrow(() -> unsupported(osName, osArch, wordSize));
    }

    private static Optional<Platform> find(String osName, String osArch, int wordSize) {
        return ALL.stream()
                .filter(platform -> wordSize == WORD_SIZE
                        && platform.is(osName.toLowerCase(Locale.ROOT), osArch.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private static UnsupportedPlatformException unsupported(String osName, String osArch, int wordSize) {
        String words = wordSize == WORD_SIZE ? "" : " with words of " + wordSize + " bits";
        return new UnsupportedPlatformException(
                osName + " on " + osArch + words + " is not supported yet. Supported: "
                        + ALL.stream().map(Platform::words).collect(Collectors.joining("; "))
                        + ". On a developer's machine, securememory.platform-fallback=sealed-only"
                        + " (SecureMemoryOptions.platformFallback) seals secrets and goes on without protected memory.",
                null);
    }

    static Platform current() {
        return of(osName(), osArch(), wordSize());
    }

    /** Whether the platform of this process is in the table. */
    static boolean isCurrentSupported() {
        return find(osName(), osArch(), wordSize()).isPresent();
    }

    private static String osName() {
        return System.getProperty("os.name", "");
    }

    private static String osArch() {
        return System.getProperty("os.arch", "");
    }

    /** All supported processors have words of 64 bits, so this is assumed if Java does not tell the size. */
    private static int wordSize() {
        return Integer.getInteger("sun.arch.data.model", WORD_SIZE);
    }

    private boolean is(String osName, String osArch) {
        return osName.startsWith(system.toLowerCase(Locale.ROOT)) && processors.contains(osArch);
    }

    private String words() {
        return system + " on " + String.join(", ", processors);
    }

    /** The C library's function for random bytes. Every POSIX system has one. */
    RandomFunction random() {
        return Objects.requireNonNull(constants, "constants of a POSIX system").random();
    }

    MemCall open(NativeLibraries libraries) {
        return memCall.apply(libraries);
    }
}
