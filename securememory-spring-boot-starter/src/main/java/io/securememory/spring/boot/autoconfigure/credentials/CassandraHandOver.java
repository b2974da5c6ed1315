package io.securememory.spring.boot.autoconfigure.credentials;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import io.securememory.spring.boot.credentials.SecretCassandraAuthProvider;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.cassandra.autoconfigure.CassandraConnectionDetails;
import org.springframework.boot.cassandra.autoconfigure.CqlSessionBuilderCustomizer;
import org.springframework.util.StringUtils;

/** Has the driver of Cassandra ask for the password for each connection. */
final class CassandraHandOver implements CqlSessionBuilderCustomizer, SmartInitializingSingleton {

    private static final String REMEDY = "Use the CqlSession of Spring Boot:"
            + " org.springframework.boot:spring-boot-starter-cassandra. Give a session of your own a"
            + " SecretCassandraAuthProvider, and remove the property.";

    private final DeclaredCredential credential;
    private final ObjectProvider<CassandraConnectionDetails> details;
    private final ConfigurableListableBeanFactory beans;
    private volatile boolean taken;

    CassandraHandOver(
            DeclaredCredential credential,
            ObjectProvider<CassandraConnectionDetails> details,
            ConfigurableListableBeanFactory beans) {
        this.credential = credential;
        this.details = details;
        this.beans = beans;
    }

    @Override
    public void customize(CqlSessionBuilder builder) {
        String user = details.getObject().getUsername();
        if (!StringUtils.hasText(user)) {
            throw credential.noUser("spring.cassandra.username");
        }
        builder.withAuthProvider(new SecretCassandraAuthProvider(user, credential.secret()));
        taken = true;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Unasked.check(credential.property(), CqlSession.class, beans, () -> taken, REMEDY);
    }
}
