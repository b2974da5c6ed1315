package io.securememory.test;

import io.securememory.Secret;
import io.securememory.Storage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assertions on a {@link Secret}. Requires AssertJ.
 *
 * <pre>{@code
 * assertThat(password).as("db-password").hasNoResidue();
 * }</pre>
 *
 * <p><b>Guarantees.</b> A message shows neither the content of the secret nor the expected content, so that secrets
 * are not logged, not even by tests. Content is compared in constant time, in native memory.
 *
 * <p><b>Threading.</b> An instance is for use by one thread only.
 */
public final class SecretAssert extends AbstractAssert<SecretAssert, Secret> {

    private static final Logger LOG = LoggerFactory.getLogger(SecretAssert.class);

    private SecretAssert(@Nullable Secret actual) {
        super(actual, SecretAssert.class);
    }

    /**
     * Starts assertions on a secret.
     *
     * @param actual the secret
     * @return assertions on it
     */
    public static SecretAssert assertThat(@Nullable Secret actual) {
        return new SecretAssert(actual);
    }

    /**
     * Verifies that the secret can be read.
     *
     * @return this
     */
    public SecretAssert isOpen() {
        isNotNull();
        if (actual.isClosed()) {
            failWithMessage("Expected the secret to be open, but it is closed");
        }
        return this;
    }

    /**
     * Verifies that the secret is closed, and therefore wiped.
     *
     * @return this
     */
    public SecretAssert isClosed() {
        isNotNull();
        if (!actual.isClosed()) {
            failWithMessage("Expected the secret to be closed, but it is open");
        }
        return this;
    }

    /**
     * Verifies the content of the secret.
     *
     * @param expected all of its bytes; the array is not changed
     * @return this
     */
    public SecretAssert hasContent(byte[] expected) {
        isOpen();
        if (!actual.contentEquals(expected)) {
            failWithMessage(
                    "Expected the secret to hold other bytes than it does (%s expected, it has %s); they are not shown",
                    expected.length, actual.length());
        }
        return this;
    }

    /**
     * Verifies the content of the secret.
     *
     * @param expected all of its text, compared as UTF-8
     * @return this
     */
    public SecretAssert hasContent(String expected) {
        byte[] bytes = expected.getBytes(StandardCharsets.UTF_8);
        try {
            return hasContent(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0); // A search for residue does not find what was compared.
        }
    }

    /**
     * Verifies the length.
     *
     * @param expected the number of bytes
     * @return this
     */
    public SecretAssert hasLength(int expected) {
        isNotNull();
        if (actual.length() != expected) {
            failWithMessage("Expected the secret to have %s bytes, but it has %s", expected, actual.length());
        }
        return this;
    }

    /**
     * Verifies how the secret is stored.
     *
     * @param expected the storage
     * @return this
     */
    public SecretAssert hasStorage(Storage expected) {
        isNotNull();
        if (actual.storage() != expected) {
            failWithMessage("Expected the secret to be %s, but it is %s", expected, actual.storage());
        }
        return this;
    }

    /**
     * Verifies that this process has no copy of the secret outside of protected memory: on the heap, on thread stacks, in
     * native memory. A failure tells where the copies are and what holds them; see {@link ResidueSearch}. The description
     * ({@code as}) names the secret.
     *
     * <p>Takes some seconds. Copies that are there because the secret is written in source code do not count. The log has
     * a warning for what could not be searched.
     *
     * @return this
     * @throws AssertionError if there are copies, or if the search did not find a copy that it had planted, so that it
     *     proves nothing
     * @throws IllegalArgumentException if the secret cannot be searched for, because it is too short
     */
    public SecretAssert hasNoResidue() {
        return hasNoResidue(search -> search);
    }

    /**
     * Verifies like {@link #hasNoResidue()}, with a search that looks elsewhere, too, or is narrowed:
     *
     * <pre>{@code
     * assertThat(password).hasNoResidue(search -> search.alsoIn(logFile).within(Duration.ofSeconds(30)));
     * }</pre>
     *
     * @param settings changes the search
     * @return this
     */
    public SecretAssert hasNoResidue(UnaryOperator<ResidueSearch> settings) {
        isOpen();
        ResidueReport report = searched(settings);
        report.notSearched().forEach(what -> LOG.warn("Not searched for copies of {}: {}", name(), what));
        if (!report.isEmpty()) {
            failWithMessage("Expected no copies of the secret outside of protected memory, but there are:%n%s", report);
        }
        if (!report.unproven().isEmpty()) {
            failWithMessage(
                    "Expected a search that can find copies, but it did not find one that was planted. So it proves"
                            + " nothing:%n%s",
                    report);
        }
        return this;
    }

    private ResidueReport searched(UnaryOperator<ResidueSearch> settings) {
        try (ResidueSearch search = ResidueSearch.of(actual).named(name()).withoutLiterals()) {
            return settings.apply(search).run();
        }
    }

    private String name() {
        String description = descriptionText();
        return description.isEmpty() ? "secret" : description;
    }
}
