package io.securememory.spring.boot.autoconfigure.credentials;

import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import io.securememory.spring.boot.credentials.SecretConnectionFactory;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.r2dbc.ConnectionFactoryDecorator;
import org.springframework.boot.r2dbc.autoconfigure.ConnectionFactoryOptionsBuilderCustomizer;
import org.springframework.core.Ordered;

/**
 * Lets Spring Boot's connection factory open its connections through a {@link SecretConnectionFactory}.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
final class R2dbcHandOver
        implements ConnectionFactoryOptionsBuilderCustomizer,
                ConnectionFactoryDecorator,
                SmartInitializingSingleton,
                Ordered {

    /** Those of the drivers that take a publisher as the password. */
    private static final Set<String> DRIVERS = Set.of("postgresql", "postgres");

    private static final String REMEDY =
            "Use PostgreSQL's driver (org.postgresql:r2dbc-postgresql) and let Spring Boot make the"
                    + " connection factory, with a pool by spring.r2dbc.pool and not by the address, or remove the property. For a"
                    + " connection factory of your own, use SecretConnectionFactory.";

    private final DeclaredCredential credential;
    private final PasswordState state;
    private final ConfigurableListableBeanFactory beans;
    private final AtomicBoolean taken = new AtomicBoolean();

    R2dbcHandOver(DeclaredCredential credential, PasswordState state, ConfigurableListableBeanFactory beans) {
        this.credential = credential;
        this.state = state;
        this.beans = beans;
    }

    /** The last one, so that nothing puts a plain password in its place. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void customize(ConnectionFactoryOptions.Builder options) {
        Object driver = options.build().getValue(ConnectionFactoryOptions.DRIVER);
        if (!DRIVERS.contains(String.valueOf(driver))) {
            throw Unasked.failure(
                    "The property " + credential.property() + " is set, and the driver '" + driver
                            + "' of R2DBC cannot ask for the secret.",
                    REMEDY);
        }
        options.option(Option.valueOf(ConnectionFactoryOptions.PASSWORD.name()), SecretConnectionFactory.PASSWORD);
    }

    @Override
    public ConnectionFactory decorate(ConnectionFactory driver) {
        taken.set(true);
        return new SecretConnectionFactory(driver, () -> credential.store().accepted(credential.name()), state);
    }

    @Override
    public void afterSingletonsInstantiated() {
        Unasked.check(credential.property(), ConnectionFactory.class, beans, taken::get, REMEDY);
    }
}
