package io.securememory.credentials;

import io.securememory.testing.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.core.KafkaTemplate;

/** An application that sends messages by Kafka. */
final class KafkaUse {

    static final String TOPIC = "topic";

    private static final int MESSAGES = 2;

    private KafkaUse() {}

    static ConfigurableApplicationContext start(Path file, String address, List<Class<?>> more, String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "spring.kafka.bootstrap-servers=" + address,
                "spring.kafka.properties.sasl.mechanism=" + KafkaBroker.MECHANISM,
                "spring.kafka.properties.sasl.jaas.config=" + KafkaBroker.LOGIN_MODULE + " username=\""
                        + KafkaBroker.USER + "\";",
                "spring.kafka.consumer.auto-offset-reset=earliest"));
        all.addAll(List.of(properties));
        return Contexts.start(file, "kafka", "org.springframework.boot.kafka", more, all.toArray(String[]::new));
    }

    static void send(ConfigurableApplicationContext context, String text) throws Exception {
        @SuppressWarnings("unchecked")
        KafkaTemplate<Object, Object> template = context.getBean(KafkaTemplate.class);
        template.send(TOPIC, text).get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    static Object of(Path file, String address) throws Exception {
        ConfigurableApplicationContext context =
                start(file, address, List.of(), "spring.kafka.security.protocol=SASL_PLAINTEXT");
        for (int i = 0; i < MESSAGES; i++) {
            send(context, "text");
        }
        return context;
    }
}
