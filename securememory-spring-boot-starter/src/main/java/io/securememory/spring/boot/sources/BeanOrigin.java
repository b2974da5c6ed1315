package io.securememory.spring.boot.sources;

import io.securememory.Secret;
import io.securememory.SecureMemoryException;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.SecretSource;
import org.jspecify.annotations.Nullable;

/**
 * A bean of the application.
 *
 * @param bean its name
 */
public record BeanOrigin(String bean) implements Origin {

    private static final String REMEDY = "The exception is the cause of this one. A SecretSource returns a new Secret,"
            + " which it makes by the factory that it gets, or throws an exception.";

    @Override
    public LockedBuffer read(SourceAccess access, int maxLength) {
        try (Secret secret = secret(access)) {
            MemGuard guard = access.memGuard();
            return Taken.of(keep -> secret.withBytes(view -> {
                int length = view.length();
                if (length > maxLength) {
                    throw SourceException.of(
                            Reason.TOO_LARGE,
                            "it has more than " + maxLength + " bytes.",
                            "Let the source return this one secret and nothing else.");
                }
                return keep.apply(guard.allocate(length, target -> target.copyFrom(0, view, 0, length)));
            }));
        }
    }

    private Secret secret(SourceAccess access) {
        SecretSource source = access.source(bean);
        @Nullable Secret secret;
        try {
            secret = source.read(access.secrets());
        } catch (SecureMemoryException e) {
            throw e; // Says what is wrong, and shows nothing.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        } catch (Exception e) {
            throw failed(e);
        }
        if (secret == null) {
            throw SourceException.of(Reason.UNREADABLE, "it returned null.", REMEDY);
        }
        return secret;
    }

    private static SourceException failed(Exception e) {
        return SourceException.of(
                Reason.UNREADABLE,
                "it failed with " + e.getClass().getName()
                        + ", whose message is not shown here, because it may have some" + " of the secret.",
                REMEDY,
                e);
    }

    @Override
    public String toString() {
        return "the bean '" + bean + "'";
    }
}
