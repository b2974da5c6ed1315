package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.icegreen.greenmail.util.GreenMail;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mail.MailAuthenticationException;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** The mail sender asks for the password of a server each time that it connects. */
@ExtendWith(OutputCaptureExtension.class)
class MailTest {

    private static final String USERNAME = "spring.mail.username=" + MailUse.USER;

    @TempDir
    Path directory;

    @Configuration(proxyBeanMethods = false)
    static class OwnSender {
        @Bean
        JavaMailSenderImpl ownSender() {
            return new JavaMailSenderImpl();
        }
    }

    @Test
    void eachConnectionHasThePasswordOfThatMoment(CapturedOutput output) throws Exception {
        String first = SecretText.random();
        Path file = SecretText.write(directory.resolve("password"), first);
        GreenMail server = MailUse.server(first);
        try (ConfigurableApplicationContext context = MailUse.start(
                file,
                Integer.toString(server.getSmtp().getPort()),
                List.of(),
                USERNAME,
                "spring.mail.password=wrong",
                "spring.mail.default-encoding=UTF-16",
                "spring.mail.properties.mail.smtp.timeout=9876")) {
            assertThat(output).contains("spring.mail.password is set as well as securememory.credentials.mail");
            JavaMailSenderImpl sender = context.getBean(JavaMailSenderImpl.class);
            assertThat(sender.getDefaultEncoding()).isEqualTo("UTF-16");
            assertThat(sender.getJavaMailProperties()).containsEntry("mail.smtp.timeout", "9876");
            MailUse.send(context);
            String second = SecretText.random();
            SecretText.write(file, second);
            context.getBean(SecretStore.class).reload(Contexts.SECRET);

            assertThatExceptionOfType(MailAuthenticationException.class)
                    .as("the server does not know it yet")
                    .isThrownBy(() -> MailUse.send(context))
                    .withMessageNotContaining(second);

            server.setUser("app@example.org", MailUse.USER, second);
            MailUse.send(context);
            assertThat(server.getReceivedMessages()).hasSize(2);
        } finally {
            server.stop();
        }
    }

    @Test
    void aSenderThatDoesNotAskFailsTheStart() throws Exception {
        Path file = SecretText.write(directory.resolve("password"), SecretText.random());

        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() -> MailUse.start(file, "1", List.of(OwnSender.class), USERNAME)
                        .close())
                .withMessageContaining("'ownSender'")
                .extracting(DeclaredSecretException::remedy, InstanceOfAssertFactories.STRING)
                .contains("getPassword");
    }

    @Test
    void aSenderWithoutAUserFailsTheStart() throws Exception {
        Path file = SecretText.write(directory.resolve("password"), SecretText.random());

        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> MailUse.start(file, "1", List.of()).close())
                .havingRootCause()
                .isInstanceOf(DeclaredSecretException.class)
                .withMessageContaining("spring.mail.username is not");
    }
}
