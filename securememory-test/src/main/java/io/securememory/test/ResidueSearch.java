package io.securememory.test;

import io.securememory.Secret;
import io.securememory.test.search.Search;
import io.securememory.test.search.Search.Given;
import io.securememory.test.search.Search.Order;
import io.securememory.test.search.Search.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Looks for copies of a secret that this process has left outside of protected memory, and tells through which object:
 * in the heap (live objects and garbage), on thread stacks, in native memory, in files and recorded responses.
 *
 * <pre>{@code
 * ResidueReport report = ResidueSearch.of(password).named("db-password").run();
 * }</pre>
 *
 * <p><b>What is found.</b> The bytes of the secret and what they become: characters of Latin-1 and UTF-16, hexadecimal
 * digits, Base64 and Base64URL also within a longer text, the words of a {@code BigInteger}, the bytes in reverse order, as
 * native libraries have numbers. 16 bytes of the secret in a row are enough; a shorter secret has to be there as a whole,
 * and Base64 of one of 4 bytes is not looked for. Of a secret of more than 1024 bytes, the first and the last 512 are
 * looked for. Of a private key in PEM or DER that is not encrypted, the secret numbers are looked for: other keys have the
 * rest as well, or it is public.
 *
 * <p><b>What holds it.</b> For an object in the heap, a path from a static variable, a thread, a variable of a frame or
 * native code. What only weak references hold is garbage. Where the free heap or the time is too short to find a path, the
 * report says so.
 *
 * <p><b>Guarantees.</b> No text that comes of a search has any content of the secret. The search itself leaves no copy:
 * the forms of the secret and all that is read are in locked memory, which is wiped at the end, and the heap dump that it
 * analyzes has zeros where copies were. Each search looks for bytes that it has left on purpose on the heap, in native
 * memory, and in what it was given. If it does not find them there, {@link ResidueReport#isProof()} is false.
 *
 * <p><b>Limits.</b> Registers, buffers of the kernel and other processes cannot be seen. Garbage is there until it is
 * overwritten, so a search that finds none does not prove that there was none. The stack of a thread that runs, as that
 * of the search does, counts as native memory. An object that only a virtual thread holds which waits may count as
 * garbage.
 *
 * <p>The heap dump is as large as the heap. It is a file that only the owner of the process can read, in the directory
 * {@code java.io.tmpdir}, until the search ends; a process that is killed meanwhile leaves it there. It has all secrets of
 * the heap for a moment: a file system in memory keeps them from a disk. If it cannot be written, the report says so, and
 * the rest is searched. HotSpot writes it through buffers in native memory that it does not overwrite; the search
 * overwrites those that it can get, which is most likely all of them.
 *
 * <p>While the search runs, the threads of the application go on, except during the heap dump. A copy that is made or
 * moved meanwhile may be missed. If the garbage collector works between reading the memory and the dump, both are done
 * again, up to three times. Memory of the process can be read on Linux only; elsewhere the heap is searched, and the
 * report says so. Without the module jdk.management, the heap has no dump.
 *
 * <p><b>Threading.</b> To be used by one thread. Several searches at the same time do not disturb each other, but one
 * may find copies that HotSpot makes while it writes the dump for another one.
 */
public final class ResidueSearch implements AutoCloseable {

    private static final Duration USUAL = Duration.ofMinutes(2);

    private final List<Secret> copies;
    private final List<String> names = new ArrayList<>();
    private final List<Given> given = new ArrayList<>();
    private Set<Place> places = EnumSet.allOf(Place.class);
    private Duration allowed = USUAL;
    private Consumer<String> progress = LoggerFactory.getLogger(ResidueSearch.class)::info;
    private boolean withoutLiterals;

    private ResidueSearch(List<Secret> copies) {
        this.copies = copies;
        for (int i = 1; i <= copies.size(); i++) {
            names.add(copies.size() == 1 ? "secret" : "secret " + i);
        }
    }

    /**
     * Prepares a search. It has its own protected copies of the secrets, so it can run after they were closed. {@link
     * #run()} closes them.
     *
     * @param secrets what to look for, at least one
     * @return the search
     * @throws io.securememory.SecretClosedException if a secret is closed
     * @throws IllegalArgumentException if there is none
     */
    public static ResidueSearch of(Secret... secrets) {
        if (secrets.length == 0) {
            throw new IllegalArgumentException("a secret is needed to search for");
        }
        List<Secret> copies = new ArrayList<>();
        try {
            for (Secret secret : secrets) {
                copies.add(secret.copy());
            }
            return new ResidueSearch(copies);
        } catch (RuntimeException e) {
            copies.forEach(Secret::close);
            throw e;
        }
    }

    /**
     * Names the secrets, for the report.
     *
     * @param secretNames as many names as there are secrets
     * @return this
     */
    public ResidueSearch named(String... secretNames) {
        if (secretNames.length != copies.size()) {
            throw new IllegalArgumentException(
                    secretNames.length + " names were given for " + copies.size() + " secrets");
        }
        names.clear();
        names.addAll(List.of(secretNames));
        return this;
    }

    /**
     * Looks into a file, too: for example a log.
     *
     * @param file the file, which is read when the search runs
     * @return this
     */
    public ResidueSearch alsoIn(Path file) {
        given.add(new Given(String.valueOf(file.getFileName()), file, null));
        return this;
    }

    /**
     * Looks into bytes, too: for example the body of a response that a test has recorded.
     *
     * @param name what they are, for the report
     * @param bytes the bytes; read when the search runs, and not changed
     * @return this
     */
    public ResidueSearch alsoIn(String name, byte[] bytes) {
        given.add(new Given(Objects.requireNonNull(name, "name"), null, ByteBuffer.wrap(bytes)));
        return this;
    }

    /**
     * Narrows the search.
     *
     * @param first a place to look into
     * @param more more places
     * @return this
     */
    public ResidueSearch only(Place first, Place... more) {
        places = EnumSet.of(first, more);
        return this;
    }

    /**
     * Limits the time. What is not looked at by then is named in the report. A heap dump that has begun is written to its
     * end.
     *
     * @param duration the time; 2 minutes by default
     * @return this
     */
    public ResidueSearch within(Duration duration) {
        allowed = Objects.requireNonNull(duration, "duration");
        return this;
    }

    /**
     * Passes over copies that are there because the secret is written in source code: names and texts of classes, and
     * what annotations hold. If there are any, also over garbage with its text, because what reads class files, as Spring
     * does, leaves such garbage; the report says so. Other forms, and texts that something holds, are found. For tests
     * whose secret is made up; one that is random is in no source code, so all of its garbage counts.
     *
     * @return this
     */
    public ResidueSearch withoutLiterals() {
        withoutLiterals = true;
        return this;
    }

    /**
     * Tells what the search is doing, every few seconds if it takes long.
     *
     * @param listener gets a line; a logger by default
     * @return this
     */
    public ResidueSearch onProgress(Consumer<String> listener) {
        progress = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Searches, and closes this.
     *
     * @return what was found
     * @throws IllegalArgumentException if a secret cannot be searched for: it is shorter than 4 bytes, it repeats one or
     *     two bytes, or it is not a secret of this library
     * @throws io.securememory.SecretClosedException if this was run or closed before, or a purge came meanwhile
     * @throws io.securememory.MemoryLimitException if a limit leaves no locked memory for the search. For a secret of 32
     *     bytes it takes 200 KiB, or 40 KiB where a limit leaves no more; for each 1000 bytes of secrets about 400 KiB more
     * @throws UncheckedIOException if a file that was given cannot be read
     */
    public ResidueReport run() {
        try {
            long begin = System.nanoTime();
            Outcome outcome = Search.run(new Order(
                    copies, List.copyOf(names), places, List.copyOf(given), withoutLiterals, allowed, progress));
            return new ResidueReport(List.copyOf(names), outcome, Duration.ofNanos(System.nanoTime() - begin));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            close();
        }
    }

    /** Closes the copies of the secrets, if the search is not run. Idempotent. */
    @Override
    public void close() {
        copies.forEach(Secret::close);
    }
}
