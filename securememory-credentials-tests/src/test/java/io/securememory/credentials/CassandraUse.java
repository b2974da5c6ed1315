package io.securememory.credentials;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.cassandra.autoconfigure.DriverConfigLoaderBuilderCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application that connects to Cassandra. */
final class CassandraUse {

    static final String USER = "app";

    private static final int CONNECTIONS = 2;

    private CassandraUse() {}

    @Configuration(proxyBeanMethods = false)
    static class Version {
        @Bean
        DriverConfigLoaderBuilderCustomizer version() {
            return builder -> builder.withString(DefaultDriverOption.PROTOCOL_VERSION, "V4");
        }
    }

    static ConfigurableApplicationContext start(Path file, String port, Class<?>... more) {
        List<Class<?>> all = new ArrayList<>(List.of(more));
        all.add(Version.class);
        return Contexts.start(
                file,
                "cassandra",
                "org.springframework.boot.cassandra",
                all,
                "spring.cassandra.contact-points=127.0.0.1:" + port,
                "spring.cassandra.local-datacenter=here",
                "spring.cassandra.username=" + USER);
    }

    /** Returns when the other side has ended the connection. */
    static void connect(ConfigurableApplicationContext context) {
        try {
            context.getBean(CqlSessionBuilder.class).build().close();
        } catch (AllNodesFailedException e) {
            return;
        }
        throw new IllegalStateException("the connection goes on");
    }

    static Object of(Path file, String port) {
        ConfigurableApplicationContext context = start(file, port);
        for (int i = 0; i < CONNECTIONS; i++) {
            connect(context);
        }
        return context;
    }
}
