package io.securememory.credentials;

import io.securememory.testing.Await;
import io.securememory.testing.RunningChild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Starts servers that end with this JVM, also if it is killed. */
final class ServerProcess {

    private static final List<Path> DIRECTORIES = List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin"));

    /** The kernel ends a server when the thread that has started it ends. So this one never does. */
    private static final ExecutorService STARTER = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "starts-servers");
        thread.setDaemon(true);
        return thread;
    });

    private ServerProcess() {}

    /** Starts a server in a directory, where its output goes, too. */
    static RunningChild start(List<String> command, Path directory) {
        List<String> bound = new ArrayList<>(List.of(program("setpriv", "util-linux"), "--pdeathsig", "KILL"));
        bound.addAll(command);
        try {
            return Await.result(STARTER.submit(() -> RunningChild.start(bound, directory)));
        } catch (ExecutionException e) {
            throw new AssertionError("it does not start: " + bound, e);
        }
    }

    /** Returns the path of a program. Without it the test fails: a proof that is left out would look like one. */
    static String program(String name, String debianPackage) {
        return DIRECTORIES.stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        name + " is needed and is not in " + DIRECTORIES + ": apt-get install " + debianPackage))
                .toString();
    }
}
