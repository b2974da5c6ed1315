package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.Secret;
import io.securememory.spring.boot.SecretStore;
import io.securememory.test.Finding;
import io.securememory.test.ResidueReport;
import io.securememory.test.ResidueSearch;
import java.security.Principal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * Actuator endpoint {@code securememoryresidue} of the web: searches the running process for copies of declared secrets
 * outside of protected memory, and tells what holds them.
 *
 * <p><b>Guarantees.</b> Nobody has access unless {@code management.endpoint.securememoryresidue.access=unrestricted} is
 * set, even if the endpoint is exposed. Shows no content of a secret. Names of declared secrets are shown only with
 * {@code management.endpoint.securememory.show-names=true}; otherwise they have numbers, in the order of their names. One
 * search runs at a time, within {@code management.endpoint.securememoryresidue.time-limit}. Each is logged as a warning,
 * with the user who asked. Not part of any health.
 *
 * <p><b>Limits.</b> A search takes seconds of a processor, and the threads of the application stop while the JVM writes a
 * heap dump, as for the endpoint {@code heapdump}. The dump is a file in {@code java.io.tmpdir} as large as the heap; only
 * the owner of the process can read it, and it is deleted when the search ends. So the application must give access to
 * operators only.
 *
 * <p><b>Threading.</b> Safe for use by several threads. No operation waits for a search.
 */
@WebEndpoint(id = "securememoryresidue", defaultAccess = Access.NONE)
public final class SecureMemoryResidueEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(SecureMemoryResidueEndpoint.class);

    /** Source: RFC 9110. */
    private static final int ACCEPTED = 202;

    private static final int CONFLICT = 409;

    private final SecretStore store;
    private final ResidueSearches searches;
    private final boolean showNames;

    SecureMemoryResidueEndpoint(SecretStore store, ResidueSearches searches, boolean showNames) {
        this.store = store;
        this.searches = searches;
        this.showNames = showNames;
    }

    /**
     * Tells what the last search found, and whether one is running.
     *
     * @return what is known
     */
    @ReadOperation
    public ResidueDescriptor residue() {
        return described(null);
    }

    /**
     * Starts a search and does not wait for it.
     *
     * @param caller who asks
     * @param secret name of a declared secret; null for all
     * @return what is known: with the status 202 if the search was started, and 409 if one is running already
     * @throws InvalidEndpointRequestException if there is no such secret, or none at all
     */
    @WriteOperation
    public WebEndpointResponse<ResidueDescriptor> search(SecurityContext caller, @Nullable String secret) {
        List<String> names = secret == null ? List.copyOf(store.names()) : List.of(secret);
        boolean started = searches.start(() -> prepared(names));
        if (!started) {
            return new WebEndpointResponse<>(
                    described("Another search is running in this process. GET shows its result when it has ended."),
                    CONFLICT);
        }
        LOG.warn(
                "A search for copies of {} was started by the actuator endpoint securememoryresidue, for {}. While it runs,"
                        + " there is a heap dump in {}",
                secret == null ? "all declared secrets" : "the secret '" + secret + "'",
                who(caller.getPrincipal()),
                System.getProperty("java.io.tmpdir"));
        return new WebEndpointResponse<>(described(null), ACCEPTED);
    }

    private ResidueSearch prepared(List<String> names) {
        if (names.isEmpty()) {
            throw new InvalidEndpointRequestException("No secret is declared, or none is loaded.", "no secret");
        }
        Secret[] secrets = names.stream().map(this::secret).toArray(Secret[]::new);
        ResidueSearch search = ResidueSearch.of(secrets);
        return showNames ? search.named(names.toArray(String[]::new)) : search;
    }

    private Secret secret(String name) {
        return store.find(name)
                .orElseThrow(() -> new InvalidEndpointRequestException(
                        "There is no declared secret of this name, or it is not loaded.", "no such secret"));
    }

    /** A line of the log stays a line. */
    private static String who(@Nullable Principal principal) {
        String name = principal == null ? null : principal.getName();
        return name == null ? "a caller who is not logged in" : "'" + name.replaceAll("\\p{Cntrl}", "?") + "'";
    }

    private ResidueDescriptor described(@Nullable String refusal) {
        ResidueSearches.State state = searches.state();
        Instant since = state.runningSince();
        ResidueSearches.Result last = state.last();
        return new ResidueDescriptor(
                refusal, since == null ? null : since.truncatedTo(ChronoUnit.SECONDS), ResultDescriptor.of(last));
    }

    /**
     * What is known.
     *
     * @param refusal why no search was started, or null
     * @param runningSince when the search that is running began, or null
     * @param last how the last search ended, or null
     */
    public record ResidueDescriptor(
            @Nullable String refusal,
            @Nullable Instant runningSince,
            @Nullable ResultDescriptor last) implements OperationResponseBody {}

    /**
     * How a search ended.
     *
     * @param began when it began
     * @param millis milliseconds that it took
     * @param searchedBytes how much was looked at
     * @param proof whether it found what it had planted, and looked everywhere; otherwise the lack of findings proves nothing
     * @param findings copies; those that are alike are one
     * @param unproven places where a copy that was planted was not found
     * @param notSearched what was not looked at, and why
     * @param problem why the search failed, or null; then the other values say nothing
     */
    public record ResultDescriptor(
            Instant began,
            long millis,
            long searchedBytes,
            boolean proof,
            List<FindingDescriptor> findings,
            List<String> unproven,
            List<String> notSearched,
            @Nullable String problem) {

        static @Nullable ResultDescriptor of(ResidueSearches.@Nullable Result result) {
            if (result == null) {
                return null;
            }
            Instant began = result.began().truncatedTo(ChronoUnit.SECONDS);
            ResidueReport report = result.report();
            if (report == null) {
                return new ResultDescriptor(began, 0, 0, false, List.of(), List.of(), List.of(), result.problem());
            }
            return new ResultDescriptor(
                    began,
                    report.duration().toMillis(),
                    report.searchedBytes(),
                    report.isProof(),
                    report.findings().stream().map(FindingDescriptor::of).toList(),
                    report.unproven().stream().map(Enum::name).sorted().toList(),
                    report.notSearched(),
                    null);
        }
    }

    /**
     * Copies that are alike.
     *
     * @param secret name of the secret, or its number
     * @param place {@code HEAP}, {@code STACKS} or {@code NATIVE_MEMORY}
     * @param encoding form of the copies, for example {@code UTF_16}
     * @param live whether something holds them
     * @param copies how many there are
     * @param holder what they are, and what holds them
     */
    public record FindingDescriptor(
            String secret, String place, String encoding, boolean live, int copies, String holder) {

        static FindingDescriptor of(Finding finding) {
            return new FindingDescriptor(
                    finding.secret(),
                    finding.place().name(),
                    finding.encoding().name(),
                    finding.live(),
                    finding.copies(),
                    finding.holder());
        }
    }
}
