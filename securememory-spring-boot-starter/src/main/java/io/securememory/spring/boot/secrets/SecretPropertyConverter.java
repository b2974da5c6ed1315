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
 * Makes a secret of the location in a property of the application's own, whose type is {@link Secret}.
 *
 * <p>The session is asked for when the first such property is bound and not before, as converters are made before any
 * bean. It is there before the bean of these properties, and so before all beans that are injected with that: they are
 * destroyed before it.
 */
public final class SecretPropertyConverter implements GenericConverter {

    /** What stands in the place of a value that may be the text of a secret. */
    private static final String HIDDEN = "(not shown, because it may be a secret)";

    private final ObjectProvider<SecureMemory> session;
    private final ResourceLoader resources;

    /** Asks for the session with the first conversion. */
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
     * @throws ConversionFailedException of our own: that of Spring, which wraps all other exceptions, shows the value
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
