package io.securememory.test.search;

import io.securememory.MemoryLimitException;
import io.securememory.Secret;
import io.securememory.memguard.internal.ComputingView;
import io.securememory.test.Finding;
import io.securememory.test.Place;
import io.securememory.test.search.ProcessScan.MemoryHit;
import io.securememory.test.search.StackOwners.Owner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One search for several secrets. */
public final class Search {

    /**
     * What to look for, and where.
     *
     * @param secrets the secrets
     * @param names their names
     * @param places where to look
     * @param given files and bytes to look at
     * @param withoutLiterals whether texts in source code do not count
     * @param allowed how long it may take
     * @param progress gets a line every few seconds
     */
    public record Order(
            List<Secret> secrets,
            List<String> names,
            Set<Place> places,
            List<Given> given,
            boolean withoutLiterals,
            Duration allowed,
            Consumer<String> progress) {}

    /**
     * Something that a user gives to the search.
     *
     * @param name its name
     * @param file the file, or null
     * @param bytes the bytes, or null
     */
    public record Given(
            String name, @Nullable Path file, @Nullable ByteBuffer bytes) {}

    /**
     * What came of it.
     *
     * @param findings copies
     * @param notSearched what was not looked at
     * @param unproven places where the search did not find what was planted
     * @param searched number of bytes that were looked at
     */
    public record Outcome(List<Finding> findings, List<String> notSearched, Set<Place> unproven, long searched) {}

    private static final boolean CAN_READ_MEMORY = Files.isReadable(Path.of("/proc/self/mem"));

    private final Order order;
    private final Limits limits;
    private final Findings findings;
    private final Set<Place> unproven = EnumSet.noneOf(Place.class);

    private Search(Order order) {
        this.order = order;
        this.limits = new Limits(order.allowed(), order.progress());
        this.findings = new Findings(order.names());
    }

    /**
     * Searches.
     *
     * @throws IllegalArgumentException if a secret is not one of this library, or cannot be told apart
     */
    public static Outcome run(Order order) throws IOException {
        Search search = new Search(order);
        try (Planted planted = new Planted()) {
            return search.inLockedMemory(planted);
        } catch (Failure e) {
            throw e.cause();
        }
    }

    /** Computes in memory that the first secret's session lends: in less of it, and slower, if a limit says so. */
    private Outcome inLockedMemory(Planted planted) {
        try {
            return inLockedMemory(planted, Scanner.CHUNK);
        } catch (MemoryLimitException e) {
            return inLockedMemory(planted, Scanner.SMALL_CHUNK);
        }
    }

    private Outcome inLockedMemory(Planted planted, int chunk) {
        IntSummaryStatistics lengths =
                order.secrets().stream().mapToInt(Secret::length).summaryStatistics();
        int forms = Needles.room(Planted.SIZE)
                + order.secrets().stream()
                        .mapToInt(secret -> Needles.room(secret.length()))
                        .sum();
        int longest = Needles.longest(Math.max(Planted.SIZE, lengths.getMax()));
        int size = Matcher.room(forms) + Scanner.room(longest, chunk);
        return order.secrets().get(0).<Outcome, RuntimeException>withBytes(view -> {
            if (!(view instanceof ComputingView computing)) {
                throw new IllegalArgumentException(
                        "the secret is not one of this library, which makes locked memory for"
                                + " the search; make one with a SecretFactory");
            }
            return computing.compute(size, (memory, at) -> {
                try {
                    return search(memory, at, at + forms, chunk, planted);
                } catch (IOException e) {
                    throw new Failure(e);
                }
            });
        });
    }

    private Outcome search(ByteBuffer memory, int at, int to, int chunk, Planted planted) throws IOException {
        Needles needles = new Needles(memory, at, to);
        for (int i = 0; i < order.secrets().size(); i++) {
            int owner = i;
            order.secrets().get(i).useBytes(view -> needles.addAll(owner, Octets.of(view)));
        }
        needles.addAll(order.secrets().size(), planted.bytes());
        Matcher matcher = new Matcher(memory, needles);
        requireDistinctive(matcher);
        Scanner scanner = new Scanner(memory, matcher, chunk);
        searchProcess(scanner);
        searchGiven(scanner, planted);
        findings.fromSource()
                .forEach(name -> limits.leaveOut("garbage with the text of " + name
                        + ": it is written in source code, and what reads class files leaves such garbage"));
        return new Outcome(findings.all(), limits.notSearched(), Set.copyOf(unproven), scanner.scanned());
    }

    private void requireDistinctive(Matcher matcher) {
        for (int i = 0; i < order.secrets().size(); i++) {
            boolean isShort = order.secrets().get(i).length() < Needles.SHORTEST;
            if (isShort || !matcher.canFind(i)) {
                throw new IllegalArgumentException(
                        "'" + order.names().get(i) + "' cannot be told apart from other bytes:"
                                + " it is shorter than " + Needles.SHORTEST
                                + " bytes, or has fewer than three different ones in a"
                                + " row");
            }
        }
    }

    private void searchProcess(Scanner scanner) throws IOException {
        boolean heap = order.places().contains(Place.HEAP);
        boolean other = order.places().contains(Place.STACKS) || order.places().contains(Place.NATIVE_MEMORY);
        if (!heap && !other) {
            return;
        }
        if (!CAN_READ_MEMORY) {
            limits.leaveOut(
                    "thread stacks, native memory and free memory of the heap: this system does not let a process"
                            + " read its own memory as a file (/proc/self/mem)");
        }
        StackOwners owners = CAN_READ_MEMORY ? StackOwners.now() : StackOwners.none();
        @Nullable ProcessScan memory = CAN_READ_MEMORY ? new ProcessScan(scanner, limits) : null;
        try (Snapshot snapshot = Snapshot.take(memory, heap, limits)) {
            @Nullable DumpArrays arrays = heap ? searchDump(scanner, snapshot) : null;
            snapshot.hits().stream()
                    .filter(hit -> arrays == null || !arrays.isHeap(hit.mapping()))
                    .filter(hit -> !isPassedOver(hit))
                    .forEach(hit -> report(hit, owners.of(hit.mapping())));
        }
        if (order.places().contains(Place.NATIVE_MEMORY) && CAN_READ_MEMORY) {
            requireControl(Place.NATIVE_MEMORY);
        }
    }

    private boolean isPassedOver(MemoryHit hit) {
        if (hit.isName() && order.withoutLiterals()) {
            findings.passOver(hit.needle());
            return true;
        }
        return false;
    }

    private DumpArrays searchDump(Scanner scanner, Snapshot snapshot) throws IOException {
        List<DumpHit> hits = new ArrayList<>();
        long unread = snapshot.dump().scanAndRedact(scanner, limits, (needle, from, to, isNew, isName) -> {
            if (isNew) {
                hits.add(new DumpHit(needle, from, isName));
            }
        });
        if (unread > 0) {
            limits.leaveOut("the heap: " + unread + " bytes of the heap dump could not be read");
        }
        DumpArrays arrays = DumpArrays.of(snapshot.dump().file().toFile(), hits);
        List<MemoryHit> inMemory = snapshot.hits().stream()
                .filter(hit -> arrays.isHeap(hit.mapping()))
                .toList();
        new HeapSearch(limits, findings, order.withoutLiterals()).report(snapshot, arrays, inMemory);
        requireControl(Place.HEAP);
        return arrays;
    }

    private void requireControl(Place place) {
        if (!findings.isProven(place)) {
            unproven.add(place);
        }
    }

    private void report(MemoryHit hit, Optional<Owner> owner) {
        Place place = owner.isPresent() ? Place.STACKS : Place.NATIVE_MEMORY;
        if (!order.places().contains(place)) {
            return;
        }
        if (owner.isPresent()) {
            boolean live = hit.address() >= owner.get().pointer();
            String part = live ? ", in a frame that is in use" : ", left behind by a call that has returned";
            findings.add(hit.needle(), place, live, "thread '" + owner.get().name() + "'" + part);
        } else {
            String name = hit.mapping().name();
            String kind = hit.isName() ? HeapSearch.LITERAL : name.isEmpty() ? "memory of the process" : name;
            findings.add(hit.needle(), place, true, kind);
        }
    }

    private void searchGiven(Scanner scanner, Planted planted) throws IOException {
        if (order.given().isEmpty()) {
            return;
        }
        scanBytes(scanner, "what was planted", ByteBuffer.wrap(planted.given()));
        requireControl(Place.GIVEN);
        for (Given given : order.given()) {
            ByteBuffer bytes = given.bytes();
            if (bytes != null) {
                scanBytes(scanner, given.name(), bytes);
            }
            Path file = given.file();
            if (file != null) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    scan(scanner, given.name(), channel.size(), channel::read);
                }
            }
        }
    }

    private void scanBytes(Scanner scanner, String name, ByteBuffer bytes) throws IOException {
        scan(scanner, name, bytes.limit(), (target, position) -> {
            int count = Math.min(target.remaining(), bytes.limit() - (int) position);
            target.put(bytes.slice((int) position, count));
            return count == 0 ? -1 : count;
        });
    }

    private void scan(Scanner scanner, String name, long size, Scanner.Source source) throws IOException {
        long unread = scanner.scan(source, 0, size, (needle, from, to, isNew, isName) -> {
            if (isNew) {
                findings.add(needle, Place.GIVEN, true, name + " at " + from);
            }
        });
        if (unread > 0) {
            limits.leaveOut(name + ": " + unread + " of " + size + " bytes could not be read");
        }
    }

    /** Carries an exception through code that throws none. */
    private static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient IOException cause;

        Failure(IOException cause) {
            super(cause);
            this.cause = cause;
        }

        IOException cause() {
            return cause;
        }
    }
}
