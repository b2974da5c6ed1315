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

/** Describes watched secrets and bundles for operators. Names, and problems that contain names, are included only if configured. */
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

    /** Returns how many there are in each state that occurs. */
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
     * Returns a warning for each secret or bundle whose content in use differs from its files. An optional secret that never
     * existed gives none. Without names, all that are alike share one warning, and another one says where the names are.
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

    /** Those that share a warning. With names, each has its own. */
    private record Alike(String kind, WatchState state, boolean inUse, String name) {}

    private Alike group(WatchStatus status) {
        return new Alike(status.kind(), status.state(), status.lastGood() != null, showNames ? status.name() : "");
    }

    /** Problems found by the watch are logged, those of a bundle after some time. A purge and a check on request are not. */
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
            case UNAVAILABLE -> one ? " cannot be had from its source" : " cannot be had from their sources";
            case MISSING -> one ? " has no file" : " have no file";
            case FAILING -> failing(first.kind(), one);
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

    private static String failing(String kind, boolean one) {
        if (kind.equals(WatchStatus.CREDENTIAL)) {
            return one ? " is refused by its server" : " are refused by their servers";
        }
        return one ? " does not take what its files hold" : " do not take what their files hold";
    }

    private static String since(List<WatchStatus> alike) {
        List<Instant> times = alike.stream()
                .map(status -> status.since().truncatedTo(ChronoUnit.SECONDS))
                .distinct()
                .sorted()
                .toList();
        return (times.size() == 1 ? " since " : ", the first one since ") + times.get(0);
    }

    /** Returns the longest time since the last good check of those that are watched, or null if there is none. */
    static @Nullable Duration oldest(List<WatchStatus> states, String kind) {
        return states.stream()
                .filter(status -> status.watched() && status.kind().equals(kind))
                .map(WatchStatus::age)
                .filter(Objects::nonNull)
                .max(Duration::compareTo)
                .orElse(null);
    }
}
