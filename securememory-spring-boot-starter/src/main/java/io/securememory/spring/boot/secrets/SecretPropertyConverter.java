package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.GenericConverter;
import org.springframework.core.io.ResourceLoader;

/**
 * Loads a secret from the location in one of the application's own properties whose type is {@link Secret}.
 *
 * <p>The session is requested when the first such property is bound and not earlier, because converters are created
 * before any other bean. So the session is created before the bean of these properties, and before all beans that use
 * that bean: they are destroyed before the session.
 */
public final class SecretPropertyConverter implements GenericConverter {

    /** Shown instead of a value that may be the text of a secret. */
    private static final String HIDDEN = "(not shown, because it may be a secret)";

    private final ObjectProvider<SecureMemory> session;
    private final ResourceLoader resources;

    /** Does not request the session before the first conversion. */
    public SecretPropertyConverter(ObjectProvider<SecureMemory> session, ResourceLoader resources) {
        this.session = session;
        this.resources = resources;
    }

    @Override
    public Set<ConvertiblePair> getConvertibleTypes() {
        return Set.of(new ConvertiblePair(String.class, Secret.class));
    }

    /**
     * Loads a secret.
     *
     * @return null for a blank value
     * @throws ConversionFailedException if the secret cannot be loaded; it is thrown here, because Spring would wrap
     *     any other exception in one that shows the value
     */
    @Override
    public @Nullable Object convert(@Nullable Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
        if (source == null || source.toString().isBlank()) {
            return null;
        }
        try {
            return new SecretLoader(session.getObject())
                    .load(SecretDeclaration.ofProperty(source.toString(), resources));
        } catch (RuntimeException e) {
            throw new ConversionFailedException(sourceType, targetType, HIDDEN, e);
        }
    }
}
