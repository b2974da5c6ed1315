package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.datastax.oss.driver.api.core.CqlSession;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import io.securememory.testing.Await;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Workers;
import java.nio.file.Path;
import java.util.concurrent.Future;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The driver of Cassandra asks for the password each time that it connects. The other side is a stand-in for a node. */
@OnceInShortForm
class CassandraTest {

    @TempDir
    Path directory;

    @Configuration(proxyBeanMethods = false)
    static class OwnSession {
        /** A session cannot be made without a server. What matters is that the application has made it. */
        @Bean
        CqlSession ownSession() {
            return Mockito.mock(CqlSession.class);
        }
    }

    @Test
    void eachConnectionHasThePasswordOfThatMoment() throws Exception {
        Path file = SecretText.write(directory.resolve("password"), SecretText.random());
        try (CqlStandIn node = new CqlStandIn();
                Workers workers = new Workers();
                ConfigurableApplicationContext context = CassandraUse.start(file, Integer.toString(node.port()))) {
            for (int i = 0; i < 2; i++) {
                String password = SecretText.random();
                SecretText.write(file, password);
                context.getBean(SecretStore.class).reload(Contexts.SECRET);
                Future<String> heard = workers.submit(node::nextPlain);
                CassandraUse.connect(context);

                assertThat(Await.result(heard)).isEqualTo("\0" + CassandraUse.USER + "\0" + password);
            }
        }
    }

    @Test
    void aSessionThatDoesNotAskFailsTheStart() throws Exception {
        Path file = SecretText.write(directory.resolve("password"), SecretText.random());

        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(
                        () -> CassandraUse.start(file, "1", OwnSession.class).close())
                .withMessageContaining("'ownSession'")
                .extracting(DeclaredSecretException::remedy, InstanceOfAssertFactories.STRING)
                .contains("SecretCassandraAuthProvider");
    }
}
