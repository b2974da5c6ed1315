package io.securememory.spring.boot.properties;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.util.StringUtils;

/**
 * The environment variables below {@code securememory}, under the names of the properties that they set. Spring Boot finds a
 * variable only if it knows the name of the property. It cannot derive a name with dashes or dots from a variable.
 *
 * <p>It comes right after the environment in the order of sources, and so has the precedence of the variables. It reads each
 * value when it is asked for, and keeps none.
 */
final class VariablesSource extends EnumerablePropertySource<Map<String, String>> implements OriginLookup<String> {

    private static final String NAME = "environment variables of Secure Memory";

    private final PropertySource<?> environment;

    /**
     * Creates the source for the variables of one environment.
     *
     * @param variables names of variables by names of properties
     */
    VariablesSource(PropertySource<?> environment, Map<String, String> variables) {
        super(NAME + " (" + environment.getName() + ")", Map.copyOf(variables));
        this.environment = environment;
    }

    @Override
    public String[] getPropertyNames() {
        return StringUtils.toStringArray(source.keySet());
    }

    @Override
    public @Nullable Object getProperty(String name) {
        String variable = source.get(name);
        return variable == null ? null : environment.getProperty(variable);
    }

    @Override
    public @Nullable Origin getOrigin(String name) {
        String variable = source.get(name);
        return variable == null ? null : OriginLookup.getOrigin(environment, variable);
    }
}
