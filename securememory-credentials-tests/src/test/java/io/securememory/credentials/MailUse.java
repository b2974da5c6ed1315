package io.securememory.credentials;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSender;

/** An application that sends mail. */
final class MailUse {

    static final String USER = "app";

    private static final int MESSAGES = 2;

    private MailUse() {}

    /** Starts a server on the loopback interface. */
    static GreenMail server(String password) {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.setUser(USER + "@example.org", USER, password);
        server.start();
        return server;
    }

    static ConfigurableApplicationContext start(Path file, String port, List<Class<?>> more, String... properties) {
        return Contexts.start(
                file,
                "mail",
                "org.springframework.boot.mail",
                more,
                Stream.concat(
                                Stream.of(
                                        "spring.mail.host=127.0.0.1",
                                        "spring.mail.port=" + port,
                                        "spring.mail.properties.mail.smtp.auth=true"),
                                Arrays.stream(properties))
                        .toArray(String[]::new));
    }

    static void send(ConfigurableApplicationContext context) {
        SimpleMailMessage message = new SimpleMailMessage();
        message.setFrom("app@example.org");
        message.setTo("app@example.org");
        message.setText("text");
        context.getBean(JavaMailSender.class).send(message);
    }

    static Object of(Path file, String port) {
        ConfigurableApplicationContext context = start(file, port, List.of(), "spring.mail.username=" + USER);
        for (int i = 0; i < MESSAGES; i++) {
            send(context);
        }
        return context;
    }
}
