package io.securememory.test;

import io.securememory.test.search.Search.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a {@link ResidueSearch} has found. It has no content of any secret.
 *
 * <p><b>Threading.</b> Immutable.
 */
public final class ResidueReport {

    private static final long MEBIBYTE = 1 << 20;

    /** More would not be read. */
    private static final int SHOWN = 20;

    private static final String NEVER_SEEN =
            "Not visible to any search: registers, buffers of the kernel, other processes, garbage that was overwritten.";

    private final List<String> names;
    private final Outcome outcome;
    private final Duration duration;

    ResidueReport(List<String> names, Outcome outcome, Duration duration) {
        this.names = names;
        this.outcome = outcome;
        this.duration = duration;
    }

    /**
     * Tells whether nothing was found.
     *
     * @return true if there are no findings; see {@link #isProof()}
     */
    public boolean isEmpty() {
        return outcome.findings().isEmpty();
    }

    /**
     * Returns the copies that were found. Those that are alike are one finding.
     *
     * @return the findings
     */
    public List<Finding> findings() {
        return outcome.findings();
    }

    /**
     * Tells whether the search found what it had planted, everywhere where it looked, and left nothing out. Otherwise
     * the lack of findings proves nothing.
     *
     * @return true if it did
     */
    public boolean isProof() {
        return outcome.unproven().isEmpty() && outcome.notSearched().isEmpty();
    }

    /**
     * Returns where the search did not find a copy that it had planted.
     *
     * @return the places
     */
    public Set<Place> unproven() {
        return outcome.unproven();
    }

    /**
     * Returns what was not looked at, with the reason.
     *
     * @return sentences for people
     */
    public List<String> notSearched() {
        return outcome.notSearched();
    }

    /**
     * Returns how much was looked at.
     *
     * @return number of bytes
     */
    public long searchedBytes() {
        return outcome.searched();
    }

    /**
     * Returns how long the search took.
     *
     * @return the time
     */
    public Duration duration() {
        return duration;
    }

    /**
     * Returns the report for people: a line for each secret with its first 20 findings, and what has to be known about
     * the search.
     *
     * @return the text
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            List<String> lines = findings().stream()
                    .filter(finding -> finding.secret().equals(name))
                    .map(Finding::toString)
                    .toList();
            text.append(name)
                    .append(": ")
                    .append(
                            lines.isEmpty()
                                    ? "no copies"
                                    : String.join("; ", lines.subList(0, Math.min(lines.size(), SHOWN))))
                    .append(lines.size() > SHOWN ? "; and " + (lines.size() - SHOWN) + " more findings" : "")
                    .append('\n');
        }
        text.append("Searched ")
                .append(searchedBytes() / MEBIBYTE)
                .append(" MiB in ")
                .append(duration.toMillis())
                .append(" ms.\n");
        if (!outcome.unproven().isEmpty()) {
            text.append("This proves nothing about ")
                    .append(outcome.unproven().stream()
                            .map(Place::toString)
                            .sorted()
                            .collect(Collectors.joining(", ")))
                    .append(": a copy that was planted there was not found.\n");
        }
        outcome.notSearched()
                .forEach(what -> text.append("Not searched: ").append(what).append(".\n"));
        return text.append(NEVER_SEEN).toString();
    }
}
