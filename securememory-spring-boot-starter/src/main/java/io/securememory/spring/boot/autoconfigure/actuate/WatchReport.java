package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.spring.boot.watch.WatchState;
import io.securememory.spring.boot.watch.WatchStatus;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What operators are told of watched secrets and bundles. Their names, and problems that have names in them, only if wanted. */
final class WatchReport {

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

    /** A sentence part for each of those whose use differs from their files; an optional secret that never was is none. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (WatchStatus status : states()) {
            if (status.problem() != null) {
                warnings.add(warning(status));
            }
        }
        return warnings;
    }

    private String warning(WatchStatus status) {
        String what = status.kind() + (showNames ? " '" + status.name() + "'" : "");
        String since = " since " + status.since().truncatedTo(ChronoUnit.SECONDS);
        if (status.state() == WatchState.WIPED) {
            return what + " was wiped by a purge" + since + ", and cannot be read"
                    + (showNames ? ": " + status.problem() : "");
        }
        String meaning = switch (status.state()) {
            case WAITING -> " waits for key and certificate to match" + since;
            case MISSING -> " has no file" + since;
            default -> " does not take what its files hold" + since;
        };
        String inUse = status.lastGood() == null ? ", nothing is in use" : ", its old content is in use";
        return what + meaning + inUse + (showNames ? ": " + status.problem() : "");
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
