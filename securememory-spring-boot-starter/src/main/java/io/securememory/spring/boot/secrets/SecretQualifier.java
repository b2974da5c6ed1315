package io.securememory.spring.boot.secrets;

import java.lang.annotation.Annotation;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.MergedAnnotations;

/** Finds the name of a bean in the annotations of an injection point. */
final class SecretQualifier {

    /** Annotations that name a bean. {@code @NamedSecret} is found as a {@code @Qualifier}. */
    private static final Set<String> TYPES =
            Set.of(Qualifier.class.getName(), "jakarta.inject.Named", "javax.inject.Named");

    private SecretQualifier() {}

    /** Returns the name, or null if there is none. */
    static @Nullable String in(Annotation... annotations) {
        MergedAnnotations all = MergedAnnotations.from(annotations);
        return TYPES.stream()
                .flatMap(type -> all.get(type).getValue("value", String.class).stream())
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse(null);
    }
}
