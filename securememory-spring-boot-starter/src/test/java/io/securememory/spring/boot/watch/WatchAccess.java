package io.securememory.spring.boot.watch;

import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What only this package may do with a watch, for tests of other packages. */
public final class WatchAccess {

    /** Of all threads of watches. */
    public static final String THREAD_NAME = SecretWatch.THREAD_NAME;

    private WatchAccess() {}

    public static List<Watched> watched(SecretWatch watch) {
        return watch.watched();
    }

    /** A file whose writes need not be waited for. */
    public static SeenFile seenFile(Supplier<Path> file, LongSupplier nanoTime) {
        return new SeenFile(file, nanoTime, pause -> {});
    }
}
