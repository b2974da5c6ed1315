package io.securememory.testing;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Threads with one name that were started after a point in time. Threads that other tests have left do not count. */
public final class ThreadsByName {

    private final String name;
    private final Set<Thread> before;

    private ThreadsByName(String name) {
        this.name = name;
        before = Set.copyOf(all());
    }

    /** Selects all threads with this name that are started from now on. */
    public static ThreadsByName startedFromNowOn(String name) {
        return new ThreadsByName(name);
    }

    private List<Thread> all() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .toList();
    }

    /** Returns the selected threads that are alive now. */
    public Set<Thread> alive() {
        return all().stream().filter(thread -> !before.contains(thread)).collect(Collectors.toSet());
    }

    /** Returns when all selected threads have ended. */
    public void awaitEnd() {
        Await.until("the end of all threads named " + name, () -> alive().isEmpty());
    }
}
