package io.securememory.spring.boot.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.spring.boot.NamedSecret;
import io.securememory.spring.boot.testsupport.Starter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Nobody gets an empty array in the place of a secret. */
@Tag("boot")
class SecretTypeCheckTest {

    private static ApplicationContextRunner runner() {
        return Starter.runner().withPropertyValues("securememory.secrets.webhook-key.generate=32");
    }

    @Test
    void noDeclaredSecretIsAnArrayOfBytes() {
        runner().withUserConfiguration(Bytes.class)
                .run(context ->
                        assertThat(context).getFailure().hasRootCauseInstanceOf(BeanNotOfRequiredTypeException.class));
    }

    @Test
    void noSecretOfTheApplicationIsAnArrayOfBytes() {
        runner().withUserConfiguration(OwnSecret.class, Bytes.class)
                .run(context ->
                        assertThat(context).getFailure().hasRootCauseInstanceOf(BeanNotOfRequiredTypeException.class));
    }

    @Test
    void arraysAndListsOfSecretsAndOtherBeansAreInjected() {
        runner().withUserConfiguration(Arrays.class).run(context -> {
            assertThat(context.getBean(Arrays.class).secrets).containsExactly(context.getBean(Secret.class));
            assertThat(context.getBean(Arrays.class).list).containsExactly(context.getBean(Secret.class));
            assertThat(context.getBean(Arrays.class).bytes).hasSize(3);
            assertThat(context.getBean(Arrays.class).text).isEqualTo("text");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Bytes {

        @Bean
        Object user(@NamedSecret("webhook-key") byte[] key) {
            return key;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnSecret {

        @Bean("webhook-key")
        Secret own(SecretFactory secrets) {
            return secrets.createRandom(3);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Arrays {

        final Secret[] secrets;
        final List<Secret> list;
        final byte[] bytes;
        final String text;

        Arrays(
                @Qualifier("webhook-key") Secret[] secrets,
                @Qualifier("webhook-key") List<Secret> list,
                @Qualifier("bytes") byte[] bytes,
                @Qualifier("text") String text) {
            this.secrets = secrets;
            this.list = list;
            this.bytes = bytes;
            this.text = text;
        }

        @Bean
        static byte[] bytes() {
            return new byte[3];
        }

        @Bean
        static String text() {
            return "text";
        }
    }
}
