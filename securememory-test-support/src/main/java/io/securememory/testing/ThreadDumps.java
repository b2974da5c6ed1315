package io.securememory.testing;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/** Shows as text what the threads of JVMs are doing. No method throws or waits for long. */
public final class ThreadDumps {

    private static final int SECONDS = 5;
    private static final int MOST_CHILDREN = 6;
    private static final String[] WITH_LOCKS = {"-l"};

    private ThreadDumps() {}

    /** Returns the threads of this JVM and of all processes that it has started, directly or indirectly. */
    public static String ofThisAndChildren() {
        return ofThis() + ofDescendants(ProcessHandle.current());
    }

    /** Returns the threads of the processes that a process has started, directly or indirectly. */
    static String ofDescendants(ProcessHandle process) {
        long all = process.descendants().count();
        return process.descendants().limit(MOST_CHILDREN).map(ThreadDumps::of).collect(Collectors.joining())
                + (all > MOST_CHILDREN ? "\n(and of " + (all - MOST_CHILDREN) + " other processes)\n" : "");
    }

    /** Returns the command line of another process, and its threads if it is a JVM. */
    static String of(ProcessHandle process) {
        String command = process.info().commandLine().orElse("of an unknown command");
        String title = "\nProcess " + process.pid() + ", " + command + ":\n";
        return title + (isJava(process) ? ofJava(process.pid()) : "(not a JVM)\n");
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> String.valueOf(Path.of(command).getFileName()))
                .filter(name -> name.equals("java") || name.equals("java.exe"))
                .isPresent();
    }

    private static String ofThis() {
        String title = "\nThis JVM, process " + ProcessHandle.current().pid() + ":\n";
        try {
            Object text = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "threadPrint",
                            new Object[] {WITH_LOCKS},
                            new String[] {String[].class.getName()});
            return title + text;
        } catch (JMException | RuntimeException e) {
            return title
                    + Thread.getAllStackTraces().entrySet().stream()
                            .map(entry -> entry.getKey() + "\n"
                                    + Arrays.stream(entry.getValue())
                                            .map(frame -> "\tat " + frame + "\n")
                                            .collect(Collectors.joining()))
                            .collect(Collectors.joining("\n"));
        }
    }

    private static String ofJava(long pid) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Path output = Files.createTempFile("threads", ".txt");
            try {
                Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "Thread.print", "-l")
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
                process.destroyForcibly();
                String text = Files.readString(output, StandardCharsets.ISO_8859_1);
                return ended ? text : text + "(jcmd did not answer within " + SECONDS + " s)\n";
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return "(not available: " + e + ")\n";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "(not available: interrupted)\n";
        }
    }
}
