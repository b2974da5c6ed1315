package io.securememory.spring.boot.autoconfigure.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.testsupport.Starter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The clients are not on the class path of these tests. */
class SecureMemoryClientsAutoConfigurationTest {

    private static final ApplicationContextRunner RUNNER = Starter.runner()
            .withConfiguration(AutoConfigurations.of(SecureMemoryClientsAutoConfiguration.class))
            .withPropertyValues("securememory.secrets.password.generate=16");

    static List<Client> clients() {
        return Client.ALL;
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aClientThatIsNotThereFailsTheStart(Client client) {
        String entry = client.property().endsWith(".datasources") ? ".name" : "";
        RUNNER.withPropertyValues(client.property() + entry + "=password")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(DeclaredSecretException.class, failure -> {
                            assertThat(failure).hasMessageContaining(client.property());
                            assertThat(failure.remedy()).contains(client.artifact());
                        }));
    }

    @Test
    void withoutAPropertyNoClientIsNeeded() {
        RUNNER.run(context -> assertThat(context).hasNotFailed());
    }
}
