package io.securememory.spring.boot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.AliasFor;

/**
 * Injects the declared secret with the given name. {@code @Qualifier} with the same name has the same effect.
 *
 * <p>Example: {@code WebhookSigner(@NamedSecret("webhook-key") Secret key)}
 */
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Qualifier
public @interface NamedSecret {

    /**
     * Returns the name.
     *
     * @return the secret's name below {@code securememory.secrets}
     */
    @AliasFor(annotation = Qualifier.class, attribute = "value")
    String value();
}
