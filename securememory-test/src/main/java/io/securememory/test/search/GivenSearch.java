package io.securememory.test.search;

import io.securememory.test.Place;
import io.securememory.test.search.Search.Given;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Searches what a user gives: files and bytes. */
final class GivenSearch {

    private final Scanner scanner;
    private final Limits limits;
    private final Findings findings;

    GivenSearch(Scanner scanner, Limits limits, Findings findings) {
        this.scanner = scanner;
        this.limits = limits;
        this.findings = findings;
    }

    /**
     * Makes sure that files can be read, before a search begins that takes long.
     *
     * @throws IOException if one cannot
     */
    static void requireReadable(List<Given> all) throws IOException {
        for (Given given : all) {
            Path file = given.file();
            if (file != null) {
                FileChannel.open(file, StandardOpenOption.READ).close();
            }
        }
    }

    void run(List<Given> all, ByteBuffer planted) throws IOException {
        scan("what was planted", planted);
        for (Given given : all) {
            ByteBuffer bytes = given.bytes();
            if (bytes != null) {
                scan(given.name(), bytes);
            }
            Path file = given.file();
            if (file != null) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    scan(given.name(), channel.size(), channel::read);
                }
            }
        }
    }

    private void scan(String name, ByteBuffer bytes) throws IOException {
        scan(name, bytes.limit(), (target, position) -> {
            int count = Math.min(target.remaining(), bytes.limit() - (int) position);
            target.put(bytes.slice((int) position, count));
            return count == 0 ? -1 : count;
        });
    }

    private void scan(String name, long size, Scanner.Source source) throws IOException {
        long unread = scanner.scan(
                (target, position) -> {
                    limits.tell(name, position, size);
                    return limits.isOver() ? -1 : source.read(target, position);
                },
                0,
                size,
                (needle, from, to, isNew, isName) -> {
                    if (isNew) {
                        findings.add(needle, Place.GIVEN, true, "in " + name + " at byte " + from);
                    }
                });
        if (unread > 0 && limits.isOver()) {
            limits.cutOff(name, size - unread, size);
        } else if (unread > 0) {
            limits.leaveOut(name + ": " + unread + " of " + size + " bytes could not be read");
        }
    }
}
