package io.securememory.test.search;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The mappings of the heap: those with an address that is known to be in it, and those that adjoin them without a gap and
 * have no name.
 */
final class HeapMappings {

    private final Set<Mapping> mappings = new HashSet<>();

    /**
     * Finds them.
     *
     * @param all the mappings of the process, in the order of their addresses
     * @param isKnown tells whether a mapping has such an address
     */
    HeapMappings(List<Mapping> all, Predicate<Mapping> isKnown) {
        boolean before = false;
        for (int i = 0; i < all.size(); i++) {
            before = isKnown.test(all.get(i)) || (before && adjoin(all.get(i - 1), all.get(i)));
            if (before) {
                mappings.add(all.get(i));
            }
        }
        boolean behind = false;
        for (int i = all.size() - 1; i >= 0; i--) {
            behind = mappings.contains(all.get(i)) || (behind && adjoin(all.get(i), all.get(i + 1)));
            if (behind) {
                mappings.add(all.get(i));
            }
        }
    }

    private static boolean adjoin(Mapping first, Mapping second) {
        return first.name().isEmpty() && second.name().isEmpty() && first.end() == second.start();
    }

    boolean contains(Mapping mapping) {
        return mapping.isViewOfHeap() || mappings.contains(mapping);
    }
}
