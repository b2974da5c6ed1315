package io.securememory.test.search;

import io.securememory.test.Encoding;
import io.securememory.test.Finding;
import io.securememory.test.Place;
import java.util.EnumSet;
import java.util.HashSet;
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
    private final Set<Integer> written = new HashSet<>();

    /** @param names of the secrets; whatever has a higher index was planted */
    Findings(List<String> names) {
        this.names = names;
    }

    void add(Needle needle, Place place, boolean live, String holder) {
        add(needle, place, live, holder, 1);
    }

    void add(Needle needle, Place place, boolean live, String holder, int copies) {
        add(needle, needle.encoding(), place, live, holder, copies);
    }

    void add(Needle needle, Encoding encoding, Place place, boolean live, String holder, int copies) {
        int planted = needle.owner() - names.size();
        if (planted >= 0) {
            if (Planted.PLACES.get(planted) == place) {
                controls.add(place);
            }
        } else {
            counts.merge(new Kind(needle.owner(), place, encoding, live, holder), copies, Integer::sum);
        }
    }

    /**
     * Remembers that a secret is written in source code, and that this does not count. What reads class files, as Spring
     * does to find beans, leaves texts of them in garbage, so such garbage does not count, either.
     */
    void passOver(Needle needle) {
        written.add(needle.owner());
    }

    private boolean isFromSource(Kind kind) {
        return written.contains(kind.owner())
                && kind.place() == Place.HEAP
                && !kind.live()
                && switch (kind.encoding()) {
                    case BYTES, LATIN_1, UTF_16 -> true;
                    case HEX, BASE64, BASE64_URL, NUMBER -> false;
                };
    }

    /** Returns the names of the secrets of which {@link #all()} leaves out garbage. */
    List<String> fromSource() {
        return counts.keySet().stream()
                .filter(this::isFromSource)
                .map(kind -> names.get(kind.owner()))
                .distinct()
                .toList();
    }

    /** Tells whether what was planted was found. */
    boolean isProven(Place place) {
        return controls.contains(place);
    }

    List<Finding> all() {
        return counts.entrySet().stream()
                .filter(entry -> !isFromSource(entry.getKey()))
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
