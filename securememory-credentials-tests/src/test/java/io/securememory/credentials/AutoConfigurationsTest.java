package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnceInShortForm;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.MergedAnnotations;

/** The auto-configurations of all hand-overs, which the starter's own tests have not on their class path. */
@OnceInShortForm
class AutoConfigurationsTest {

    private static final String PACKAGE = "io.securememory.spring.boot.autoconfigure.credentials.";

    static List<String> names() {
        return ImportCandidates.load(AutoConfiguration.class, AutoConfigurationsTest.class.getClassLoader())
                .getCandidates()
                .stream()
                .filter(name -> name.startsWith(PACKAGE))
                .toList();
    }

    @Test
    void allAreListed() {
        assertThat(names())
                .extracting(name -> name.replace(PACKAGE + "SecureMemory", "").replace("AutoConfiguration", ""))
                .containsExactlyInAnyOrder(
                        "Cassandra", "Clients", "Jdbc", "Kafka", "Ldap", "Mail", "Mongo", "R2dbc", "Rabbit", "Redis");
    }

    @ParameterizedTest
    @MethodSource("names")
    void isNotForCallersAndCostsNothingWithoutItsClient(String name) throws ClassNotFoundException {
        Class<?> type = Class.forName(name);
        assertThat(type).isPublic().isFinal();
        assertThat(type.getConstructors()).isEmpty();
        assertThat(Arrays.stream(type.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Bean.class))
                        .map(Method::getModifiers))
                .isNotEmpty()
                .noneMatch(Modifier::isPublic);
        assertThat(MergedAnnotations.from(type).isPresent(ConditionalOnClass.class))
                .isEqualTo(!name.endsWith("ClientsAutoConfiguration"));
    }
}
