package io.securememory.residue;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Runs applications at the same time, and then looks for copies of their secrets.
 *
 * <p>Arguments: the directory with the files of each application; their names.
 */
final class CleanProgram {

    private static final List<Kept> KEPT = new ArrayList<>();

    private CleanProgram() {}

    public static void main(String[] arguments) throws Exception {
        try (SecureMemory session = SecureMemory.create()) {
            run(session, Path.of(arguments[0]), List.of(arguments).subList(1, arguments.length));
        } finally {
            KEPT.forEach(Kept::close);
        }
    }

    private static void run(SecureMemory session, Path directory, List<String> names) throws Exception {
        SortedMap<String, Secret> secrets = new TreeMap<>();
        List<Path> logs = new ArrayList<>();
        for (String name : names) {
            Given given = new Given(session, directory.resolve(name), "");
            Kept kept = Clean.valueOf(name).begin(given);
            KEPT.add(kept);
            given.searchedFor().forEach((file, secret) -> secrets.put(name + "/" + file, secret));
            if (kept.second() instanceof Secret own) {
                secrets.put(name + "/own", own);
            }
            logs.add(given.file(Contexts.LOG));
        }
        Reports.print(secrets, logs);
    }
}
