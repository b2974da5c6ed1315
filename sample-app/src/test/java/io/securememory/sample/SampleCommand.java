package io.securememory.sample;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.RunningChild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start the packaged sample in a process of its own, on the Java that runs this test. */
final class SampleCommand {

    private final Path keyFile;
    private final List<String> jvmOptions = new ArrayList<>(List.of("-Xmx64m"));
    private List<String> quickStart = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private final List<String> arguments = new ArrayList<>(List.of("--server.port=0"));
    private List<String> launcher = List.of("-jar", jar());
    private boolean coreDumps;
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    private SampleCommand(Path keyFile) {
        this.keyFile = keyFile;
    }

    /** The sample with its key in a file, which need not exist. */
    static SampleCommand withKeyFile(Path keyFile) {
        return new SampleCommand(keyFile);
    }

    SampleCommand jvmOptions(String... options) {
        jvmOptions.addAll(List.of(options));
        return this;
    }

    SampleCommand arguments(String... values) {
        arguments.addAll(List.of(values));
        return this;
    }

    /** Leaves compilers and garbage collector as they are without options, which costs time. */
    SampleCommand defaultCompilersAndCollector() {
        quickStart = List.of();
        return this;
    }

    /** Where its own directory is made, if not where all temporary files are. */
    SampleCommand in(Path value) {
        folder = value;
        return this;
    }

    /** Lets the kernel write a core dump, if the hard limit allows it. */
    SampleCommand coreDumps() {
        coreDumps = true;
        return this;
    }

    /** Starts the same classes without {@code -jar}, so that the jar's manifest does not count. */
    SampleCommand withoutManifest() {
        launcher = List.of("-cp", jar(), "org.springframework.boot.loader.launch.JarLauncher");
        return this;
    }

    /** Starts what was extracted of the jar, which is faster. For tests of what happens after it was loaded. */
    SampleCommand extracted() {
        launcher = List.of(ExtractedSample.launcher());
        return this;
    }

    /** Starts a class of the tests in place of the jar. */
    SampleCommand mainClass(Class<?> type) {
        if (Runtime.version().feature() >= 22) {
            jvmOptions("--enable-native-access=ALL-UNNAMED");
        }
        launcher = List.of("-cp", ChildJvm.testClassPath(), type.getName());
        return this;
    }

    /** Starts a class of a class path that the caller has made of the jar. */
    SampleCommand fromClassPath(String classPath, Class<?> main) {
        launcher = List.of("-cp", classPath, main.getName());
        return this;
    }

    /** Starts it in an empty directory and waits until it is healthy. The caller closes it. */
    SampleProcess start() {
        SampleProcess process = launch();
        try {
            process.awaitHealthy();
            return process;
        } catch (RuntimeException | Error e) {
            closeAfter(e, process);
            throw e;
        }
    }

    /** What went wrong first is told first. */
    private static void closeAfter(Throwable failure, SampleProcess process) {
        try {
            process.close();
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }

    /** Starts it in an empty directory. The caller closes it. */
    SampleProcess launch() {
        try {
            return launch(Files.createTempDirectory(folder, "sample-app"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SampleProcess launch(Path directory) {
        List<String> command = new ArrayList<>();
        if (coreDumps) {
            command.addAll(List.of("sh", "-c", "ulimit -c unlimited; exec \"$0\" \"$@\""));
        }
        command.add(ChildJvm.executable());
        command.addAll(quickStart);
        command.addAll(jvmOptions);
        command.addAll(launcher);
        command.addAll(arguments);
        Path output = directory.resolve("stdout.log");
        Path errors = directory.resolve("stderr.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectError(errors.toFile());
        builder.environment().put("WEBHOOK_KEY_FILE", keyFile.toString());
        return new SampleProcess(RunningChild.start(builder, output), directory, errors);
    }

    /** The packaged sample. */
    static String jar() {
        String jar = System.getProperty("sample.jar");
        if (jar == null) {
            throw new IllegalStateException("the system property sample.jar must name the sample's executable jar");
        }
        return jar;
    }
}
