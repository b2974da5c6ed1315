package io.securememory.memcall;

import io.securememory.UnsupportedPlatformException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * A row of the table of platforms. Which one this is, is a pure function of operating system, processor and size of a machine
 * word.
 *
 * @param system what Java calls the system begins with this
 * @param processors as Java calls them
 * @param wordSize bits
 * @param constants numbers that are the same for all of these
 * @param memCall makes the system's implementation
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
     * Finds a platform by what Java says of it.
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
        // All processors here have words of 64 bits, so that a Java that does not say is believed.
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
