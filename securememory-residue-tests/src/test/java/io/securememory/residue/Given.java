package io.securememory.residue;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What an application of a test begins with.
 *
 * @param session reads secrets
 * @param directory has the files that the test has written for it
 * @param server where a server of the test listens
 */
record Given(SecureMemory session, Path directory, String server) {

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Reads a secret, of which nothing comes to the heap. The caller closes it. */
    Secret secret(String file) {
        return session.secrets().read(file(file));
    }

    /** Returns what is to be searched for, by names. */
    SortedMap<String, Secret> searchedFor() throws IOException {
        SortedMap<String, Secret> secrets = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(Material.SECRET))
                    .forEach(name -> secrets.put(name.replace(Material.SECRET, ""), secret(name)));
        }
        return secrets;
    }

    /** Reads a text for a library that takes nothing but Strings. */
    String text(String file) {
        try (Secret secret = secret(file)) {
            return secret.withHeapChars(String::new);
        }
    }
}
