package io.securememory.report;

import java.util.Locale;

/**
 * Operating systems whose settings cannot be read without calls to native code, and what is generally so on them. None
 * of it is checked on the machine. Source: Apple's Platform Security guide and pmset(1); Microsoft's documentation of
 * process access rights, fsutil and powercfg; security(7) and geli(8) of FreeBSD; sysctl(2) of OpenBSD.
 */
enum OtherSystem {
    MACOS(
            "mac",
            "System Integrity Protection keeps debuggers away from the programs of macOS and from those with a hardened"
                    + " runtime. Others may be readable for root and for processes of the same user.",
            "macOS always has swap, and encrypts it.",
            "A Mac may write all its memory to a disk when it sleeps (pmset -g shows hibernatemode)."),

    WINDOWS(
            "windows",
            "On Windows, every process of the same user and every administrator may read the memory of this process.",
            "Windows has a paging file, which is encrypted only if that was set (fsutil behavior query encryptpagingfile) or"
                    + " its drive is (BitLocker).",
            "Windows may write all its memory to a disk when it hibernates or shuts down fast (powercfg /a), encrypted only if"
                    + " its drive is (BitLocker)."),

    FREEBSD(
            "freebsd",
            "On FreeBSD, processes of the same user may read the memory of this process unless"
                    + " security.bsd.unprivileged_proc_debug is 0.",
            "Swap of FreeBSD is encrypted only on devices whose names end with .eli (swapinfo).",
            "FreeBSD itself does not write its memory to a disk to sleep."),

    OPENBSD(
            "openbsd",
            "On OpenBSD, of the same user only the processes that started this one may read its memory, unless"
                    + " kern.global_ptrace is 1.",
            "OpenBSD encrypts swap unless vm.swapencrypt.enable is 0.",
            "OpenBSD may write all its memory to swap when it hibernates (ZZZ)."),

    UNKNOWN(
            "",
            "Processes of the same user may be able to read the memory of this process.",
            "There may be swap, and it may not be encrypted.",
            "The machine may be able to write all its memory to a disk.");

    private final String prefix;
    private final String debuggers;
    private final String swap;
    private final String hibernation;

    OtherSystem(String prefix, String debuggers, String swap, String hibernation) {
        this.prefix = prefix;
        this.debuggers = debuggers;
        this.swap = swap;
        this.hibernation = hibernation;
    }

    /** Chooses by Java's name for the operating system. */
    static OtherSystem of(String osName) {
        String name = osName.toLowerCase(Locale.ROOT);
        for (OtherSystem system : values()) {
            if (name.startsWith(system.prefix)) {
                return system;
            }
        }
        return UNKNOWN;
    }

    String debuggers() {
        return debuggers;
    }

    String swap() {
        return swap;
    }

    String hibernation() {
        return hibernation;
    }

    boolean hasForks() {
        return this != WINDOWS;
    }
}
