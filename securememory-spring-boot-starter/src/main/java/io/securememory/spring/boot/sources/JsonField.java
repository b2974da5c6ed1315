package io.securememory.spring.boot.sources;

import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One field of a JSON text, as it is found by its path. The text and the value of the field are in locked memory only.
 *
 * @param written the path as it is written in the property
 * @param path the names of the objects' members, from the outermost
 */
record JsonField(String written, List<String> path) {

    private static final String POINTER = "/";

    /**
     * Parses a path: names with dots between, or, if it begins with a slash, a JSON Pointer (RFC 6901), for names that
     * have dots themselves.
     *
     * @return the field, or nothing if one of the names is empty
     */
    static Optional<JsonField> of(String written) {
        boolean isPointer = written.startsWith(POINTER);
        List<String> path = isPointer
                ? Arrays.stream(written.substring(1).split("/", -1))
                        .map(name -> name.replace("~1", "/").replace("~0", "~"))
                        .toList()
                : List.of(written.split("\\.", -1));
        return path.stream().anyMatch(String::isEmpty) ? Optional.empty() : Optional.of(new JsonField(written, path));
    }

    /**
     * Returns the text that is the value of the field, in UTF-8.
     *
     * @param length how much of the buffer is JSON
     * @return a buffer, which the caller closes
     * @throws SourceException if the text is not JSON, or the field is missing, empty, no text, or there twice
     */
    LockedBuffer cut(MemGuard guard, LockedBuffer json, int length) {
        byte[][] names =
                path.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        JsonScanner.Found found = find(json, length, names);
        if (found.length() == 0) {
            throw SourceException.of(
                    Reason.EMPTY, "the field " + written + " of the answer is empty.", "Write the secret there.");
        }
        return guard.allocate(
                found.length(),
                target -> json.withBytes(view -> {
                    JsonScanner.copy(view, length, found, target);
                    return length;
                }));
    }

    private JsonScanner.Found find(LockedBuffer json, int length, byte[][] names) {
        try {
            JsonScanner.Found found = json.withBytes(view -> JsonScanner.find(view, length, names));
            if (found.isMissing()) {
                throw SourceException.of(
                        Reason.MISSING,
                        "the answer has no field " + written + ".",
                        "Compare the path with what the server answers: Vault's KV version 2 has data.data.<key>, version 1"
                                + " has data.<key>. A name with dots is written /a/b.c.");
            }
            return found;
        } catch (JsonScanner.MalformedException e) {
            throw SourceException.of(
                    Reason.MALFORMED,
                    switch (e.problem()) {
                        case SYNTAX -> "the answer is not JSON: its byte " + e.position() + " is not expected there.";
                        case NO_TEXT -> "the field " + written + " of the answer is no text in quotes.";
                        case TWICE -> "the answer has two values for the field " + written + ".";
                        case DEPTH ->
                            "the answer has objects or arrays in more than " + JsonScanner.MAX_DEPTH + " others.";
                    },
                    "Make sure that the URL is that of the secret, and not of a page for people. Set the field to the path"
                            + " of a text, or take it out to take the whole answer.",
                    e);
        }
    }
}
