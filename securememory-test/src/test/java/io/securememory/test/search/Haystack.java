package io.securememory.test.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes that are searched as a process or a file is. */
final class Haystack {

    /** What was found, without its bytes. */
    record Hit(Needle needle, int from, int to, boolean isName) {}

    private static final int CHUNK = 4096;

    private final byte[] bytes;
    private final List<Octets> secrets;

    Haystack(byte[] bytes, byte[]... secrets) {
        this.bytes = bytes;
        this.secrets = Arrays.stream(secrets).map(Octets::of).toList();
    }

    private Matcher matcher(ByteBuffer memory, int forms) {
        Needles needles = new Needles(memory, 0, forms);
        for (int i = 0; i < secrets.size(); i++) {
            needles.addAll(i, secrets.get(i));
        }
        return new Matcher(memory, needles);
    }

    private int forms() {
        return secrets.stream().mapToInt(Needles::room).sum();
    }

    private ByteBuffer memory() {
        int longest = secrets.stream()
                .mapToInt(secret -> Needles.longest(secret.length()))
                .max()
                .orElseThrow();
        int size = Matcher.room(forms()) + Scanner.room(longest, CHUNK);
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Tells whether each of the secrets can be found. */
    boolean canFindAll() {
        Matcher matcher = matcher(memory(), forms());
        for (int i = 0; i < secrets.size(); i++) {
            if (!matcher.canFind(i)) {
                return false;
            }
        }
        return true;
    }

    /** Searches in chunks. */
    List<Hit> search() {
        ByteBuffer memory = memory();
        Scanner scanner = new Scanner(memory, matcher(memory, forms()), CHUNK);
        List<Hit> hits = new ArrayList<>();
        try {
            scanner.scan(
                    (target, position) -> {
                        int count = Math.min(target.remaining(), bytes.length - (int) position);
                        target.put(bytes, (int) position, count);
                        return count == 0 ? -1 : count;
                    },
                    0,
                    bytes.length,
                    (needle, from, to, isNew, isName) -> {
                        if (isNew) {
                            hits.add(new Hit(needle, (int) from, (int) to, isName));
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return hits;
    }
}
