package io.securememory.spring.boot.autoconfigure.credentials;

import io.securememory.spring.boot.credentials.SecretSaslCallbackHandler;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Puts into the properties of all clients what has them ask for the secret: Kafka makes the handler itself, and clients of
 * streams and administrators are made of the same properties as others.
 */
final class KafkaHandOver implements BeanPostProcessor, SmartInitializingSingleton, DisposableBean {

    private static final String REMEDY = "Set spring.kafka.security.protocol=SASL_SSL,"
            + " spring.kafka.properties.sasl.mechanism=SCRAM-SHA-512 (or what the broker has) and"
            + " spring.kafka.properties.sasl.jaas.config with the name of the user. Make factories of your own of Spring"
            + " Boot's KafkaProperties, or remove the property and use SecretSaslCallbackHandler.";

    private static final Pattern PASSWORD = Pattern.compile("\\bpassword\\s*=");

    private final String property;
    private final Environment environment;
    private final ConfigurableListableBeanFactory beans;
    private @Nullable String id;

    KafkaHandOver(String property, Environment environment, ConfigurableListableBeanFactory beans) {
        this.property = property;
        this.environment = environment;
        this.beans = beans;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof KafkaProperties kafka) {
            handOver(kafka.getProperties());
        }
        return bean;
    }

    private void handOver(Map<String, String> common) {
        DeclaredCredential credential = DeclaredCredential.of(property, environment, beans);
        if (PASSWORD.matcher(common.getOrDefault(SaslConfigs.SASL_JAAS_CONFIG, ""))
                .find()) {
            credential.warnOfPlainPassword(environment, "spring.kafka.properties." + SaslConfigs.SASL_JAAS_CONFIG);
        }
        id = SecretSaslCallbackHandler.register(credential.secret());
        common.put(SecretSaslCallbackHandler.CREDENTIAL, id);
        common.put(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS, SecretSaslCallbackHandler.class.getName());
    }

    @Override
    public void afterSingletonsInstantiated() {
        Unasked.check(property, ProducerFactory.class, beans, this::isTaken, REMEDY);
    }

    /** One that asks does not stand for the others. Those that are made later may still do so. */
    private boolean isTaken() {
        List<Object> made = Stream.<Class<?>>of(ProducerFactory.class, ConsumerFactory.class)
                .flatMap(type -> Arrays.stream(beans.getBeanNamesForType(type, true, false)))
                .map(beans::getSingleton)
                .filter(Objects::nonNull)
                .toList();
        return !made.isEmpty() && made.stream().allMatch(KafkaHandOver::asks);
    }

    private static boolean asks(@Nullable Object factory) {
        Map<?, ?> properties = factory instanceof ProducerFactory<?, ?> producers
                ? producers.getConfigurationProperties()
                : factory instanceof ConsumerFactory<?, ?> consumers
                        ? consumers.getConfigurationProperties()
                        : Map.of();
        return properties.containsKey(SecretSaslCallbackHandler.CREDENTIAL)
                && String.valueOf(properties.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG))
                        .startsWith("SASL_");
    }

    @Override
    public void destroy() {
        if (id != null) {
            SecretSaslCallbackHandler.unregister(id);
        }
    }
}
