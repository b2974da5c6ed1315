package io.securememory.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Two keys in files, one in hexadecimal digits and one in Base64, and what each file holds after a rotation. */
final class EncodedKeys {

    static final List<String> NAMES = List.of("base64-key", "hex-key");

    private final Map<String, byte[]> first = random();
    private final Map<String, byte[]> second = random();

    private static Map<String, byte[]> random() {
        Map<String, byte[]> keys = new HashMap<>();
        for (String name : NAMES) {
            byte[] key = new byte[48];
            new SecureRandom().nextBytes(key);
            keys.put(name, key);
        }
        return keys;
    }

    /** Has all keys searched for, old and new. */
    void addTo(KeySearch search) {
        first.forEach((name, key) -> search.add("old " + name, key));
        second.forEach((name, key) -> search.add("new " + name, key));
    }

    static String properties(Path directory) {
        return """
                securememory.secrets.hex-key.location=file:%1$s/hex-key
                securememory.secrets.hex-key.encoding=hex
                securememory.secrets.hex-key.reload-interval=100ms
                securememory.secrets.base64-key.location=file:%1$s/base64-key
                securememory.secrets.base64-key.encoding=base64
                securememory.secrets.base64-key.reload-interval=100ms
                """.formatted(directory);
    }

    void writeTo(Path directory) throws IOException {
        write(first, directory);
    }

    /** Puts new files in the place of the old ones, and waits until the service has read them. */
    void rotate(Path directory, SampleProcess sample) throws IOException {
        write(second, directory);
        sample.awaitEach(NAMES.stream()
                .map(name -> "secret '" + name + "' has new content")
                .toArray(String[]::new));
    }

    private static void write(Map<String, byte[]> keys, Path directory) throws IOException {
        replace(directory.resolve("hex-key"), HexFormat.of().formatHex(keys.get("hex-key")));
        replace(directory.resolve("base64-key"), Base64.getEncoder().encodeToString(keys.get("base64-key")));
    }

    private static void replace(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, text + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
