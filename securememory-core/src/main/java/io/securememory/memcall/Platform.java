package io.securememory.memcall;

import io.securememory.UnsupportedPlatformException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * A row of the table of supported platforms. The operating system, the processor and the size of a machine word
 * determine the row.
 *
 * @param system the beginning of Java's name for the operating system
 * @param processors Java's names for the processors
 * @param wordSize bits
 * @param constants the system's numbers, which are the same for all these processors
 * @param memCall creates the system's implementation
 * @param evidence reads what the kernel shows of the page at an address
 */
record Platform(
        String system,
        List<String> processors,
        int wordSize,
        PosixConstants constants,
        BiFunction<LibC, PosixConstants, MemCall> memCall,
        LongFunction<Optional<PageEvidence>> evidence) {

    /** Linux on processors whose kernel numbers the constants of mmap, madvise and rlimit in the generic way. */
    static final Platform LINUX = new Platform(
            "Linux",
            List.of("aarch64", "amd64", "loongarch64", "riscv64", "s390x", "x86_64"),
            64,
            LinuxConstants.GENERIC,
            LinuxMemCall::new,
            LinuxPageFlags::evidence);

    /** One row for each table of constants. */
    static final List<Platform> ALL = List.of(LINUX);

    /**
     * Finds a platform by the names that Java gives.
     *
     * @throws UnsupportedPlatformException if there is none
     */
    static Platform of(String osName, String osArch, int wordSize) {
        for (Platform platform : ALL) {
            if (platform.is(osName.toLowerCase(Locale.ROOT), osArch.toLowerCase(Locale.ROOT), wordSize)) {
                return platform;
            }
        }
        String words = wordSize == 64 ? "" : " with words of " + wordSize + " bits";
        throw new UnsupportedPlatformException(
                osName + " on " + osArch + words + " is not supported yet. Supported: "
                        + ALL.stream().map(Platform::words).collect(Collectors.joining("; ")) + ".",
                null);
    }

    static Platform current() {
        // All supported processors have words of 64 bits, so this is assumed if Java does not tell the size.
        return of(
                System.getProperty("os.name", ""),
                System.getProperty("os.arch", ""),
                Integer.getInteger("sun.arch.data.model", 64));
    }

    private boolean is(String osName, String osArch, int bits) {
        return osName.startsWith(system.toLowerCase(Locale.ROOT)) && processors.contains(osArch) && bits == wordSize;
    }

    private String words() {
        return system + " on " + String.join(", ", processors);
    }

    MemCall open(LibC libC) {
        return memCall.apply(libC, constants);
    }
}
