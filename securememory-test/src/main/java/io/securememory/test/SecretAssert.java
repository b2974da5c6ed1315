package io.securememory.test;

import io.securememory.Secret;
import io.securememory.Storage;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a {@link Secret}.
 *
 * <p><b>Guarantees.</b> A message shows neither the content of the secret nor the expected content, so that secrets
 * are not logged, not even by tests. Content is compared in constant time, in native memory.
 *
 * <p><b>Threading.</b> An instance is for use by one thread only.
 */
public final class SecretAssert extends AbstractAssert<SecretAssert, Secret> {

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
        return hasContent(expected.getBytes(StandardCharsets.UTF_8));
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
}
