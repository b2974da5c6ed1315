package io.securememory.residue;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Does what leaves copies, and then looks for them.
 *
 * <p>Arguments: the directory with the files of each leak; the address of a server; the names of the leaks.
 */
final class LeakProgram {

    private static final List<Kept> KEPT = new ArrayList<>();

    private LeakProgram() {}

    public static void main(String[] arguments) throws Exception {
        try (SecureMemory session = SecureMemory.create()) {
            SortedMap<String, Secret> secrets = new TreeMap<>();
            for (String name : List.of(arguments).subList(2, arguments.length)) {
                Given given = new Given(session, Path.of(arguments[0]).resolve(name), arguments[1]);
                KEPT.add(Leak.valueOf(name).begin(given));
                given.searchedFor().forEach((file, secret) -> secrets.put(name + "/" + file, secret));
            }
            Reports.print(secrets, List.of());
        } finally {
            KEPT.forEach(Kept::close);
        }
    }
}
