package io.securememory.spring.boot.autoconfigure.credentials;

import com.rabbitmq.client.impl.CredentialsProvider;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.AbstractConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;

/**
 * Tells the client of RabbitMQ the name of the user and the password, for each connection.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
final class RabbitHandOver implements CredentialsProvider, SmartInitializingSingleton {

    private static final String REMEDY = "Use the connection factory of Spring Boot:"
            + " org.springframework.boot:spring-boot-starter-amqp. Give a connection factory of your own a CredentialsProvider"
            + " that reads the secret, and remove the property.";

    private final DeclaredCredential credential;
    private final ObjectProvider<RabbitConnectionDetails> details;
    private final ConfigurableListableBeanFactory beans;
    private final AtomicLong asked = new AtomicLong();

    RabbitHandOver(
            DeclaredCredential credential,
            ObjectProvider<RabbitConnectionDetails> details,
            ConfigurableListableBeanFactory beans) {
        this.credential = credential;
        this.details = details;
        this.beans = beans;
    }

    @Override
    public @Nullable String getUsername() {
        asked.incrementAndGet();
        return details.getObject().getUsername();
    }

    @Override
    public String getPassword() {
        return credential.text();
    }

    @Override
    public void afterSingletonsInstantiated() {
        Unasked.check(credential.property(), ConnectionFactory.class, beans, this::isTaken, REMEDY);
    }

    /** A client cannot be asked for its provider, but for the name of the user, which it then asks its provider for. */
    private boolean isTaken() {
        return Arrays.stream(beans.getBeanNamesForType(AbstractConnectionFactory.class, true, false))
                .map(beans::getSingleton)
                .anyMatch(bean -> bean instanceof AbstractConnectionFactory client && isAskedBy(client));
    }

    private boolean isAskedBy(AbstractConnectionFactory client) {
        long before = asked.get();
        client.getRabbitConnectionFactory().getUsername();
        return asked.get() > before;
    }
}
