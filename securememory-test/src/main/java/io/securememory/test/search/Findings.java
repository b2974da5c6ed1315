package io.securememory.test.search;

import io.securememory.test.Encoding;
import io.securememory.test.Finding;
import io.securememory.test.Place;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts what is alike, and keeps apart what was planted. */
final class Findings {

    /** A finding without its number. */
    private record Kind(int owner, Place place, Encoding encoding, boolean live, String holder) {}

    private final List<String> names;
    private final Map<Kind, Integer> counts = new LinkedHashMap<>();
    private final Set<Place> controls = EnumSet.noneOf(Place.class);

    /** @param names of the secrets; whatever has a higher index was planted */
    Findings(List<String> names) {
        this.names = names;
    }

    void add(Needle needle, Place place, boolean live, String holder) {
        add(needle, place, live, holder, 1);
    }

    void add(Needle needle, Place place, boolean live, String holder, int copies) {
        if (needle.owner() >= names.size()) {
            controls.add(place);
        } else {
            counts.merge(new Kind(needle.owner(), place, needle.encoding(), live, holder), copies, Integer::sum);
        }
    }

    /** Tells whether what was planted was found. */
    boolean isProven(Place place) {
        return controls.contains(place);
    }

    List<Finding> all() {
        return counts.entrySet().stream()
                .map(entry -> new Finding(
                        names.get(entry.getKey().owner()),
                        entry.getKey().place(),
                        entry.getKey().encoding(),
                        entry.getKey().live(),
                        entry.getKey().holder(),
                        entry.getValue()))
                .toList();
    }
}
