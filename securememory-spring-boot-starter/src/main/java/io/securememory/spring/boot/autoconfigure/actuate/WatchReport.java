package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.spring.boot.watch.WatchState;
import io.securememory.spring.boot.watch.WatchStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What operators are told of watched secrets and bundles. Their names, and problems that have names in them, only if wanted. */
final class WatchReport {

    private static final String NAMES_ARE_HIDDEN =
            "management.endpoint.securememory.show-names=true shows their names here";
    private static final String NAMES_ARE_LOGGED = "the log names what lasts, and " + NAMES_ARE_HIDDEN;

    private final Supplier<List<WatchStatus>> states;
    private final boolean showNames;

    WatchReport(Supplier<List<WatchStatus>> states, boolean showNames) {
        this.states = states;
        this.showNames = showNames;
    }

    boolean showsNames() {
        return showNames;
    }

    List<WatchStatus> states() {
        return states.get();
    }

    /** How many there are in each state that one of them is in. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (WatchState state : WatchState.values()) {
            long count = count(states(), state);
            if (count > 0) {
                counts.put(state.word(), count);
            }
        }
        return counts;
    }

    static long count(List<WatchStatus> states, WatchState state) {
        return states.stream().filter(one -> one.state() == state).count();
    }

    /**
     * A sentence part for each of those whose use differs from their files; an optional secret that never was is none. Without
     * names, there is one for all that are alike, and one on where the names are.
     */
    List<String> warnings() {
        Map<Alike, List<WatchStatus>> groups = states().stream()
                .filter(status -> status.problem() != null)
                .collect(Collectors.groupingBy(this::group, LinkedHashMap::new, Collectors.toList()));
        List<String> warnings = new ArrayList<>();
        groups.values().forEach(alike -> warnings.add(warning(alike)));
        if (!showNames && !groups.isEmpty()) {
            boolean isLogged = groups.values().stream().flatMap(List::stream).allMatch(WatchReport::isLogged);
            warnings.add(isLogged ? NAMES_ARE_LOGGED : NAMES_ARE_HIDDEN);
        }
        return warnings;
    }

    /** Those that one warning is about. With names, each of them is one. */
    private record Alike(String kind, WatchState state, boolean inUse, String name) {}

    private Alike group(WatchStatus status) {
        return new Alike(status.kind(), status.state(), status.lastGood() != null, showNames ? status.name() : "");
    }

    /** What a look by itself finds is logged, that of a bundle after some time. Neither a purge nor a look on request is. */
    private static boolean isLogged(WatchStatus status) {
        return status.watched() && status.state() != WatchState.WIPED;
    }

    private String warning(List<WatchStatus> alike) {
        WatchStatus first = alike.get(0);
        boolean one = alike.size() == 1;
        String what = showNames
                ? first.kind() + " '" + first.name() + "'"
                : alike.size() + " " + first.kind() + (one ? "" : "s");
        String meaning = switch (first.state()) {
            case WIPED -> one ? " was wiped by a purge" : " were wiped by a purge";
            case WAITING -> one ? " waits for key and certificate to match" : " wait for key and certificate to match";
            case MISSING -> one ? " has no file" : " have no file";
            default -> one ? " does not take what its files hold" : " do not take what their files hold";
        };
        String inUse = first.lastGood() == null
                ? ", nothing is in use"
                : one ? ", its old content is in use" : ", their old content is in use";
        return what
                + meaning
                + since(alike)
                + (first.state() == WatchState.WIPED ? ", and cannot be read" : inUse)
                + (showNames ? ": " + first.problem() : "");
    }

    private static String since(List<WatchStatus> alike) {
        List<Instant> times = alike.stream()
                .map(status -> status.since().truncatedTo(ChronoUnit.SECONDS))
                .distinct()
                .sorted()
                .toList();
        return (times.size() == 1 ? " since " : ", the first one since ") + times.get(0);
    }

    /** Age of the oldest good look of those that are watched, or null if there is none. */
    static @Nullable Duration oldest(List<WatchStatus> states, String kind) {
        return states.stream()
                .filter(status -> status.watched() && status.kind().equals(kind))
                .map(WatchStatus::age)
                .filter(Objects::nonNull)
                .max(Duration::compareTo)
                .orElse(null);
    }
}
