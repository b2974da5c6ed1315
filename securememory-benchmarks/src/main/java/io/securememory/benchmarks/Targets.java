package io.securememory.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The aims of the product, and the bounds of the quick mode, from the resources of those names. */
final class Targets {

    private Targets() {}

    static List<Target> aims() throws IOException {
        return read("/aims.json");
    }

    static List<Target> bounds() throws IOException {
        return read("/bounds.json");
    }

    private static List<Target> read(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(Targets.class.getResourceAsStream(resource), resource)) {
            return new JsonMapper().readValue(in, new TypeReference<List<Target>>() {});
        }
    }

    static List<Verdict> judge(List<Target> targets, Results results) {
        return targets.stream().map(target -> target.judge(results)).toList();
    }

    static Set<Key> keys(List<Target> targets) {
        return targets.stream().flatMap(target -> target.keys().stream()).collect(Collectors.toSet());
    }
}
