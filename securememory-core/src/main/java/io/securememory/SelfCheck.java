package io.securememory;

import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryLockLimit;
import io.securememory.memguard.LockPolicy;
import io.securememory.report.AskedFor;
import io.securememory.report.ProtectionProbe;
import io.securememory.report.ReportText;
import java.io.File;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The main class of the jar: {@code java -jar securememory-core-<version>.jar} prints what is protected on this machine.
 *
 * <p>Runs with nothing else on the class path on Java 22 and later, and with JNA before. So it opens no session, which
 * needs a logger, and uses only what works without one.
 */
final class SelfCheck {

    /** Everything that was asked for is in force. */
    private static final int COMPLETE = 0;

    /** A protection failed. */
    private static final int INCOMPLETE = 1;

    /** There is no report: the platform is not supported, or native access is denied. */
    private static final int UNSUPPORTED = 2;

    /** The arguments are not known; the code is that of EX_USAGE in sysexits(3). */
    private static final int USAGE = 64;

    private static final int FIRST_JAVA_WITHOUT_JNA = 22;

    private static final List<String> HELP = List.of(
            "Usage: java -jar securememory-core-<version>.jar [--no-core-dumps | --help]",
            "",
            "Tells what Secure Memory protects on this machine, with this Java and as this",
            "user: tries each protection on memory of its own, asks the kernel whether it",
            "is in force, and reads the settings of the machine and of the JVM that matter.",
            "Changes nothing, and reads no secret. Run it where the application runs: as its",
            "user, in its container, and with its options for Java.",
            "",
            "With --no-core-dumps, it asks for no core dumps of the whole process, as",
            "securememory.core-dumps=disable-process does: the only way to keep secrets out",
            "of them where single pages cannot be left out (macOS, NetBSD, Windows).",
            "",
            "States:",
            "  ACTIVE   in force",
            "  FAILED   asked for, and not in force",
            "  OFF      not asked for, or not in use on this machine",
            "  RISK     a setting of the machine or of the JVM makes secrets easier to reach",
            "  UNKNOWN  cannot be found out here",
            "",
            "Exit codes:",
            "  0   everything that was asked for is in force; there may be risks",
            "  1   something failed",
            "  2   this machine is not supported, or native access is denied",
            "  64  unknown arguments",
            "",
            "Java 17 to 21 need JNA on the class path, see the message without it.");

    private SelfCheck() {}

    /**
     * Prints the report and ends the JVM with its exit code.
     *
     * @param arguments none, {@code --no-core-dumps}, or {@code --help}
     */
    @SuppressWarnings("checkstyle:console") // Printing is what the program is for.
    public static void main(String[] arguments) {
        int code = run(List.of(arguments), System.out, System.err);
        System.out.flush();
        System.exit(code);
    }

    private static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.equals(List.of("--help"))) {
            print(HELP, out);
            return COMPLETE;
        }
        boolean noCoreDumps = arguments.equals(List.of("--no-core-dumps"));
        if (!arguments.isEmpty() && !noCoreDumps) {
            print(ReportText.wrapped("Unknown arguments: " + String.join(" ", arguments), 0), err);
            print(HELP, err);
            return USAGE;
        }
        try {
            return check(MemCalls.system(), noCoreDumps, out);
        } catch (UnsupportedPlatformException e) {
            print(ReportText.wrapped(String.valueOf(e.getMessage()), 0), err);
            print(remedy(e), err);
            return UNSUPPORTED;
        } catch (MemoryCallException e) { // Core dumps were to be disabled, and could not be.
            print(ReportText.wrapped(String.valueOf(e.getMessage()), 0), err);
            return INCOMPLETE;
        }
    }

    private static List<String> remedy(UnsupportedPlatformException failure) {
        if (failure.getCause() == null) {
            return List.of(
                    "",
                    "An application of Spring Boot starts on this machine without Secure Memory by",
                    "securememory.enabled=false; on a developer's machine, with sealed secrets in",
                    "ordinary memory, by securememory.platform-fallback=sealed-only.");
        }
        return lacksJna()
                ? List.of("", "Run the self-check with the jar of JNA, here jna.jar:", "", "  " + commandWithJna())
                : List.of();
    }

    private static int check(MemCall memCall, boolean noCoreDumps, PrintStream out) {
        if (noCoreDumps) {
            memCall.disableCoreDumps();
        }
        AskedFor asked = new AskedFor(LockPolicy.REQUIRE, noCoreDumps, AskedFor.SecretMemory.NOT_ASKED_FOR);
        ProtectionReport report = new ProtectionProbe(memCall, asked, () -> {}).run();
        print(ReportText.wrapped(heading(memCall), 0), out);
        print(List.of(""), out);
        print(ReportText.of(report), out);
        return report.isComplete() ? COMPLETE : INCOMPLETE;
    }

    private static String heading(MemCall memCall) {
        return "Secure Memory " + version() + " on Java " + System.getProperty("java.version") + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch") + ", pages of " + memCall.pageSize() + " bytes, native access by "
                + memCall.name() + ", " + limit(memCall) + ".";
    }

    private static String version() {
        @Nullable String version = SelfCheck.class.getPackage().getImplementationVersion();
        return version == null ? "(unknown version)" : version;
    }

    private static String limit(MemCall memCall) {
        try {
            long bytes = memCall.lockLimit().effectiveBytes();
            return bytes == MemoryLockLimit.UNLIMITED
                    ? "no limit of locked memory"
                    : "at most " + bytes + " bytes of locked memory";
        } catch (MemoryCallException e) {
            return "unknown limit of locked memory";
        }
    }

    private static boolean lacksJna() {
        if (Runtime.version().feature() >= FIRST_JAVA_WITHOUT_JNA) {
            return false;
        }
        try {
            Class.forName("com.sun.jna.Native", false, SelfCheck.class.getClassLoader());
            return false;
        } catch (ClassNotFoundException | LinkageError e) {
            return true;
        }
    }

    /** The class path of {@code java -jar} is the jar itself. */
    private static String commandWithJna() {
        String jar = System.getProperty("java.class.path", "securememory-core.jar");
        String path = jar + File.pathSeparator + "jna.jar";
        return "java -cp " + (path.contains(" ") ? '"' + path + '"' : path) + " " + SelfCheck.class.getName();
    }

    private static void print(List<String> lines, PrintStream to) {
        lines.forEach(to::println);
    }
}
