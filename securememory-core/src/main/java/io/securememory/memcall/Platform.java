package io.securememory.memcall;

import io.securememory.UnsupportedPlatformException;
import java.util.Locale;
import java.util.Set;

/** Choice of the platform as a pure function of its name and processor. */
enum Platform {
    LINUX;

    /** Processors whose kernel numbers the constants of mmap, madvise and rlimit in the generic way. */
    private static final Set<String> PROCESSORS =
            Set.of("amd64", "x86_64", "aarch64", "riscv64", "s390x", "loongarch64");

    static Platform of(String osName, String osArch) {
        boolean known = osName.toLowerCase(Locale.ROOT).startsWith("linux")
                && PROCESSORS.contains(osArch.toLowerCase(Locale.ROOT));
        if (!known) {
            throw new UnsupportedPlatformException(
                    osName + " on " + osArch + " is not supported yet. Supported: Linux on "
                            + String.join(", ", PROCESSORS.stream().sorted().toList()) + ".",
                    null);
        }
        return LINUX;
    }

    static Platform current() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }
}
