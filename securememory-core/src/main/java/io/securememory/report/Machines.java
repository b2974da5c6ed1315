package io.securememory.report;

import java.util.Locale;

/** Chooses what reads the settings of this operating system. */
final class Machines {

    private Machines() {}

    static Machine current() {
        return of(System.getProperty("os.name", ""), new SystemFiles());
    }

    /** Chooses by Java's name for the operating system. */
    static Machine of(String osName, KernelFiles files) {
        return osName.toLowerCase(Locale.ROOT).startsWith("linux")
                ? new LinuxMachine(files)
                : new OtherMachine(OtherSystem.of(osName));
    }
}
