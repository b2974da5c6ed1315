package io.securememory.spring.boot.autoconfigure.credentials;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if the properties name secrets of single data sources. */
final class OnDataSources implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return Binder.get(context.getEnvironment())
                .bind(JdbcHandOver.PROPERTIES, Bindable.mapOf(String.class, String.class))
                .isBound();
    }
}
