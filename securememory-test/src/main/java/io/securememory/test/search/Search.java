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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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

    private static final Path MEMORY = Path.of("/proc/self/mem");

    private final Order order;
    private final boolean canReadMemory;
    private final Limits limits;
    private final Findings findings;
    private final Set<Place> unproven = EnumSet.noneOf(Place.class);

    private Search(Order order, Path memory) {
        this.order = order;
        this.canReadMemory = Files.isReadable(memory);
        this.limits = new Limits(order.allowed(), order.progress());
        this.findings = new Findings(order.names());
    }

    /**
     * Searches.
     *
     * @param order what to look for, and where
     * @return what came of it
     * @throws IllegalArgumentException if a secret is not one of this library, or cannot be told apart
     * @throws IOException if a file that was given cannot be read
     */
    public static Outcome run(Order order) throws IOException {
        return run(order, MEMORY);
    }

    /**
     * Searches.
     *
     * @param memory the memory of the process as a file, which other systems than Linux do not have
     */
    static Outcome run(Order order, Path memory) throws IOException {
        GivenSearch.requireReadable(order.given());
        Search search = new Search(order, memory);
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
        return order.secrets().get(0).<Outcome, RuntimeException>withBytes(view -> {
            if (!(view instanceof ComputingView computing)) {
                throw new IllegalArgumentException(
                        "the secret is not one of this library, which makes locked memory for"
                                + " the search; make one with a SecretFactory");
            }
            int forms = forms();
            int size = Matcher.room(forms) + Scanner.room(longest(), chunk);
            return computing.compute(size, (memory, at) -> {
                try {
                    return search(memory, at, at + forms, chunk, planted);
                } catch (IOException e) {
                    throw new Failure(e);
                }
            });
        });
    }

    /** Returns how many bytes all that is looked for has at most. */
    private int forms() {
        return Planted.PLACES.size() * Planted.SIZE
                + order.secrets().stream()
                        .mapToInt(secret ->
                                secret.<Integer, RuntimeException>withBytes(view -> Needles.room(Octets.of(view))))
                        .sum();
    }

    private int longest() {
        return order.secrets().stream()
                .mapToInt(secret -> Needles.longest(secret.length()))
                .reduce(Needles.longest(Planted.SIZE), Math::max);
    }

    private Outcome search(ByteBuffer memory, int at, int to, int chunk, Planted planted) throws IOException {
        Needles needles = new Needles(memory, at, to);
        for (int i = 0; i < order.secrets().size(); i++) {
            int owner = i;
            order.secrets().get(i).useBytes(view -> needles.addAll(owner, Octets.of(view)));
        }
        planted.addTo(needles, order.secrets().size());
        Matcher matcher = new Matcher(memory, needles);
        requireDistinctive(matcher);
        Scanner scanner = new Scanner(memory, matcher, chunk);
        searchProcess(scanner);
        if (!order.given().isEmpty()) {
            new GivenSearch(scanner, limits, findings).run(order.given(), planted.given());
            requireControl(Place.GIVEN);
        }
        findings.fromSource()
                .forEach(name -> limits.leaveOut("garbage with the text of " + name
                        + ": it is written in source code, and what reads class files leaves such garbage"));
        return new Outcome(findings.all(), limits.notSearched(), Set.copyOf(unproven), scanner.scanned());
    }

    private void requireDistinctive(Matcher matcher) {
        for (int i = 0; i < order.secrets().size(); i++) {
            if (!matcher.canFind(i)) {
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
        if (!canReadMemory) {
            limits.leaveOut(
                    "thread stacks, native memory and free memory of the heap: this system does not let a process"
                            + " read its own memory as a file (/proc/self/mem)");
        }
        StackOwners owners = canReadMemory ? StackOwners.now() : StackOwners.none();
        if (canReadMemory && owners.isEmpty()) {
            limits.leaveOut("which memory is a thread's stack: the kernel does not tell (/proc/self/task/*/syscall)");
        }
        @Nullable ProcessScan memory = canReadMemory ? new ProcessScan(scanner, limits) : null;
        try (Snapshot snapshot = Snapshot.take(memory, heap, limits)) {
            Predicate<Mapping> isHeap = searchHeap(scanner, snapshot);
            snapshot.hits().stream()
                    .filter(hit -> !isHeap.test(hit.mapping()))
                    .filter(hit -> !isPassedOver(hit))
                    .forEach(hit -> report(hit, owners.of(hit.mapping())));
        }
        if (heap) {
            requireControl(Place.HEAP);
        }
        if (order.places().contains(Place.NATIVE_MEMORY)) {
            requireControl(Place.NATIVE_MEMORY);
        }
    }

    /** Returns which mappings have the heap, so that what is found there is not reported again. */
    private Predicate<Mapping> searchHeap(Scanner scanner, Snapshot snapshot) throws IOException {
        HeapDump dump = snapshot.dump();
        @Nullable DumpArrays arrays = dump == null ? null : searchDump(scanner, snapshot, dump);
        if (arrays != null) {
            return arrays.heap(snapshot.mappings())::contains;
        }
        int onHeap = order.secrets().size() + Planted.PLACES.indexOf(Place.HEAP);
        Set<Mapping> known = snapshot.hits().stream()
                .filter(hit -> hit.needle().owner() == onHeap)
                .map(MemoryHit::mapping)
                .collect(Collectors.toSet());
        HeapMappings mappings = new HeapMappings(snapshot.mappings(), known::contains);
        if (order.places().contains(Place.HEAP)) {
            snapshot.hits().stream()
                    .filter(hit -> mappings.contains(hit.mapping()))
                    .forEach(hit -> findings.add(
                            hit.needle(), Place.HEAP, true, hit.needle().encoding() + HeapSearch.NOT_TOLD));
        }
        return mappings::contains;
    }

    /** Returns null if the time was over. */
    private @Nullable DumpArrays searchDump(Scanner scanner, Snapshot snapshot, HeapDump dump) throws IOException {
        List<DumpHit> hits = new ArrayList<>();
        long unread = dump.scanAndRedact(scanner, limits, (needle, from, to, isNew, isName) -> {
            if (isNew) {
                hits.add(new DumpHit(needle, from, isName));
            }
        });
        if (unread > 0) {
            // What was not read may have copies, which no one may read any more.
            limits.leaveOut("the heap: " + unread + " bytes of its dump "
                    + (limits.isOver() ? "were not read before the time was over" : "could not be read"));
            return null;
        }
        return scanner.lend(free -> {
            DumpReader.Source source = new DumpReader.Source(dump.file(), free);
            DumpArrays arrays = DumpArrays.of(source, hits, snapshot.mappings());
            new HeapSearch(limits, findings, order.withoutLiterals()).report(snapshot, source, arrays);
            return arrays;
        });
    }

    private void requireControl(Place place) {
        if (!findings.isProven(place)) {
            unproven.add(place);
        }
    }

    private boolean isPassedOver(MemoryHit hit) {
        if (hit.isName() && order.withoutLiterals()) {
            findings.passOver(hit.needle());
            return true;
        }
        return false;
    }

    private void report(MemoryHit hit, Optional<Owner> owner) {
        Place place = owner.isPresent() ? Place.STACKS : Place.NATIVE_MEMORY;
        if (!order.places().contains(place)) {
            return;
        }
        if (owner.isPresent()) {
            boolean live = hit.address() >= owner.get().pointer();
            String part = live ? ", in a frame that is in use" : ", left behind by a call that has returned";
            findings.add(
                    hit.needle(),
                    place,
                    live,
                    "on the stack of thread '" + owner.get().name() + "'" + part);
        } else {
            String name = hit.mapping().name();
            String kind = "in native memory" + (name.isEmpty() ? "" : " (" + name + ")");
            findings.add(hit.needle(), place, true, hit.isName() ? HeapSearch.LITERAL : kind);
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
