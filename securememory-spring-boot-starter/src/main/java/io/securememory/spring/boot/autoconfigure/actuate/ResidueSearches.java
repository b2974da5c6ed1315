package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.test.ResidueReport;
import io.securememory.test.ResidueSearch;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * Searches for copies of secrets, one after the other, in a thread of its own. Keeps the last result.
 *
 * <p>Another search in the same process would find what the first one has planted, and would double the memory and the
 * heap dumps. So all contexts of the process together have one search at a time.
 */
final class ResidueSearches implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(ResidueSearches.class);

    private static final AtomicBoolean BUSY = new AtomicBoolean();

    private final Duration limit;
    private final Function<ResidueSearch, ResidueReport> run;
    private volatile State state = new State(null, null);
    private volatile boolean closed;

    /**
     * What is known.
     *
     * @param runningSince when the search of this context that is running began, or null
     * @param last the last result, or null
     */
    record State(@Nullable Instant runningSince, @Nullable Result last) {}

    /**
     * How a search ended.
     *
     * @param began when it began
     * @param report what it found, or null
     * @param problem why it found nothing out, or null
     */
    record Result(
            Instant began,
            @Nullable ResidueReport report,
            @Nullable String problem) {}

    /**
     * @param limit of the time of a search
     * @param run runs a search
     */
    ResidueSearches(Duration limit, Function<ResidueSearch, ResidueReport> run) {
        this.limit = limit;
        this.run = run;
    }

    State state() {
        return state;
    }

    /**
     * Starts a search, if none is running.
     *
     * @param prepare makes the search; is not called if one is running
     * @return whether it was started
     */
    boolean start(Supplier<ResidueSearch> prepare) {
        if (closed || !BUSY.compareAndSet(false, true)) {
            return false;
        }
        ResidueSearch search = null;
        try {
            search = prepare.get().within(limit).onProgress(this::progress);
            Instant began = Instant.now();
            ResidueSearch prepared = search;
            Thread thread = new Thread(() -> run(prepared, began), "secure-memory-residue");
            thread.setDaemon(true);
            state = new State(began, state.last());
            thread.start();
            return true;
        } catch (RuntimeException | Error e) {
            state = new State(null, state.last());
            if (search != null) {
                search.close();
            }
            BUSY.set(false);
            throw e;
        }
    }

    private void run(ResidueSearch search, Instant began) {
        Result result = new Result(began, null, "The search was stopped.");
        try (search) {
            result = new Result(began, run.apply(search), null);
        } catch (RuntimeException | Error e) {
            LOG.warn("The search for copies of secrets failed", e);
            result = new Result(began, null, e.getClass().getSimpleName() + ": " + e.getMessage());
        } finally {
            state = new State(null, result);
            BUSY.set(false);
        }
        log(result.report());
    }

    private static void log(@Nullable ResidueReport report) {
        if (report == null) {
            return;
        }
        int copies =
                report.findings().stream().mapToInt(finding -> finding.copies()).sum();
        if (copies > 0) {
            LOG.warn(
                    "The search for copies of secrets found {} outside of protected memory; the actuator endpoint"
                            + " securememoryresidue shows where",
                    copies);
        } else {
            LOG.info("The search for copies of secrets found none{}", report.isProof() ? "" : ", but was not complete");
        }
    }

    /** The search calls this every few seconds. */
    private void progress(String line) {
        if (closed) {
            throw new CancellationException("the application context was closed");
        }
        LOG.debug("Search for copies of secrets: {}", line);
    }

    /** Lets the search that is running end soon. */
    @Override
    public void destroy() {
        closed = true;
    }
}
