package io.securememory.spring.boot.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.watch.WatchState;
import io.securememory.spring.boot.watch.WatchStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words in which the health warns of several secrets and bundles at once. */
class WatchWarningsTest {

    private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00.999Z");
    private static final Instant LATE = Instant.parse("2026-01-01T00:00:01.001Z");
    private static final String SHOW = "management.endpoint.securememory.show-names=true";

    private static final String HIDDEN = SHOW + " shows their names here";
    private static final String LOGGED = "the log names what lasts, and " + HIDDEN;

    private static WatchStatus status(String kind, String name, WatchState state, Instant since, boolean used) {
        return status(kind, name, state, since, used, 1, "The problem of '" + name + "'.");
    }

    private static WatchStatus status(
            String kind,
            String name,
            WatchState state,
            Instant since,
            boolean used,
            long failures,
            @Nullable String problem) {
        return new WatchStatus(
                kind, name, true, state, since, used ? EARLY : null, used ? Duration.ZERO : null, failures, problem);
    }

    private static List<String> warnings(boolean showNames, WatchStatus... states) {
        return new WatchReport(() -> List.of(states), showNames).warnings();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            secret | WIPED   | 1 secret was wiped by a purge since 2026-01-01T00:00:00Z, and cannot be read
            secret | FAILING | 1 secret does not take what its files hold since 2026-01-01T00:00:00Z, its old content is in use
            secret | MISSING | 1 secret has no file since 2026-01-01T00:00:00Z, its old content is in use
            secret | UNAVAILABLE | 1 secret cannot be had from its source since 2026-01-01T00:00:00Z, its old content is in use
            bundle | FAILING | 1 bundle does not take what its files hold since 2026-01-01T00:00:00Z, its old content is in use
            bundle | MISSING | 1 bundle has no file since 2026-01-01T00:00:00Z, its old content is in use
            bundle | WAITING | 1 bundle waits for key and certificate to match since 2026-01-01T00:00:00Z, its old content is in use
            """)
    void oneIsCounted(String kind, WatchState state, String warning) {
        assertThat(warnings(false, status(kind, "a", state, EARLY, true)))
                .containsExactly(warning, state == WatchState.WIPED ? HIDDEN : LOGGED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            secret | WIPED   | 3 secrets were wiped by a purge since 2026-01-01T00:00:00Z, and cannot be read
            secret | FAILING | 3 secrets do not take what their files hold since 2026-01-01T00:00:00Z, their old content is in use
            secret | MISSING | 3 secrets have no file since 2026-01-01T00:00:00Z, their old content is in use
            secret | UNAVAILABLE | 3 secrets cannot be had from their sources since 2026-01-01T00:00:00Z, their old content is in use
            bundle | FAILING | 3 bundles do not take what their files hold since 2026-01-01T00:00:00Z, their old content is in use
            bundle | MISSING | 3 bundles have no file since 2026-01-01T00:00:00Z, their old content is in use
            bundle | WAITING | 3 bundles wait for key and certificate to match since 2026-01-01T00:00:00Z, their old content is in use
            """)
    void severalAlikeAreSaidOnceWithTheirNumber(String kind, WatchState state, String warning) {
        WatchStatus[] alike = Stream.of("a", "b", "c")
                .map(name -> status(kind, name, state, EARLY, true))
                .toArray(WatchStatus[]::new);
        assertThat(warnings(false, alike)).containsExactly(warning, state == WatchState.WIPED ? HIDDEN : LOGGED);
    }

    @Test
    void whatDiffersIsSaidApart() {
        assertThat(warnings(
                        false,
                        status("secret", "a", WatchState.FAILING, LATE, true),
                        status("secret", "b", WatchState.FAILING, EARLY, false),
                        status("bundle", "c", WatchState.FAILING, EARLY, true),
                        status("secret", "d", WatchState.FAILING, EARLY, true),
                        status("secret", "e", WatchState.CURRENT, EARLY, true, 0, null),
                        status("secret", "f", WatchState.MISSING, EARLY, false, 0, null)))
                .containsExactly(
                        "2 secrets do not take what their files hold, the first one since 2026-01-01T00:00:00Z, their old"
                                + " content is in use",
                        "1 secret does not take what its files hold since 2026-01-01T00:00:00Z, nothing is in use",
                        "1 bundle does not take what its files hold since 2026-01-01T00:00:00Z, its old content is in use",
                        LOGGED);
    }

    @Test
    void theLogIsNamedOnlyIfItHasAllNames() {
        WatchStatus failing = status("secret", "a", WatchState.FAILING, EARLY, true);
        assertThat(warnings(false, failing, status("secret", "b", WatchState.WIPED, EARLY, true)))
                .endsWith(HIDDEN);
        WatchStatus onRequest = new WatchStatus(
                "secret", "b", false, WatchState.FAILING, EARLY, EARLY, Duration.ZERO, 1, "On request.");
        assertThat(warnings(false, failing, onRequest)).endsWith(HIDDEN);
    }

    @Test
    void eachHasItsNameAndItsProblemIfTheyAreShown() {
        assertThat(warnings(
                        true,
                        status("secret", "a", WatchState.WIPED, EARLY, true),
                        status("secret", "b", WatchState.WIPED, EARLY, true),
                        status("secret", "c", WatchState.MISSING, LATE, true)))
                .containsExactly(
                        "secret 'a' was wiped by a purge since 2026-01-01T00:00:00Z, and cannot be read: The problem of 'a'.",
                        "secret 'b' was wiped by a purge since 2026-01-01T00:00:00Z, and cannot be read: The problem of 'b'.",
                        "secret 'c' has no file since 2026-01-01T00:00:01Z, its old content is in use: The problem of 'c'.");
    }

    @Test
    void whereAllIsCurrentThereIsNoWarning() {
        assertThat(warnings(false, status("secret", "e", WatchState.CURRENT, EARLY, true, 0, null)))
                .isEmpty();
    }
}
