package io.securememory.credentials;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves out Spring Boot's auto-configurations of all clients but one: the class path has many, of which most would look for
 * servers that are not there.
 */
final class OnlyOneClient implements AutoConfigurationImportFilter, EnvironmentAware {

    /** Names the package of the client that is left in, or several with commas between. */
    static final String PACKAGE = "tests.client-package";

    private @Nullable Environment environment;

    @Override
    public void setEnvironment(Environment given) {
        environment = given;
    }

    @Override
    public boolean[] match(@Nullable String[] names, AutoConfigurationMetadata metadata) {
        List<String> clients = List.of(
                Objects.requireNonNull(environment).getRequiredProperty(PACKAGE).split(","));
        boolean[] matches = new boolean[names.length];
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            matches[i] = name != null
                    && (name.startsWith("io.securememory.")
                            || clients.stream().anyMatch(client -> name.startsWith(client + ".")));
        }
        return matches;
    }
}
