package io.securememory.spring.boot.autoconfigure.credentials;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.credentials.SecretDataSource;
import io.securememory.spring.boot.properties.SecureMemoryCredentialsProperties;
import io.securememory.spring.boot.watch.SecretWatch;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Lets HikariCP open its connections through a {@link SecretDataSource}.
 *
 * <p>HikariCP's own {@code HikariCredentialsProvider} is no way for an address of JDBC: the data source that HikariCP makes then
 * keeps the first password as a text for as long as the pool is open.
 *
 * <p>As a processor of beans it exists before them, so it looks up everything else when it needs it.
 */
final class JdbcHandOver implements BeanPostProcessor, SmartInitializingSingleton, DisposableBean {

    static final String PROPERTY = SecureMemoryCredentialsProperties.PREFIX + ".datasource";
    static final String PROPERTIES = SecureMemoryCredentialsProperties.PREFIX + ".datasources";

    private static final Logger LOG = LoggerFactory.getLogger(JdbcHandOver.class);
    private static final String PLAIN = "spring.datasource.password";
    /** As a parameter, before the name of the host, or as Oracle's driver takes it. */
    private static final Pattern PASSWORD_IN_URL = Pattern.compile("(?i)(.*[?&;,:(]\\s*(password|pwd)\\s*=.*"
            + "|[^?;]*//[^/?;]*:[^/?;]*@.*|jdbc:oracle:[^@?]*?:[^/@:?]+/[^@?]+@.*)");

    private static final String REMEDY = "Use HikariCP, which Spring Boot takes by default"
            + " (spring-boot-starter-jdbc or -data-jpa), and let Spring Boot make the pool, or remove the property. Other pools take"
            + " the password once and keep it as text.";

    private final ConfigurableListableBeanFactory beans;
    private final Environment environment;
    private final Set<String> taken = ConcurrentHashMap.newKeySet();
    private final Queue<JdbcDrain> drains = new ConcurrentLinkedQueue<>();

    JdbcHandOver(ConfigurableListableBeanFactory beans, Environment environment) {
        this.beans = beans;
        this.environment = environment;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (bean instanceof HikariDataSource pool) {
            SecureMemoryCredentialsProperties properties = properties();
            String own = properties.datasources().get(beanName);
            if (own != null) {
                prepare(pool, beanName, PROPERTIES + "." + beanName, own);
            } else if (properties.datasource() != null && isTheOne(beanName)) {
                prepare(pool, beanName, PROPERTY, properties.datasource());
            }
        }
        return bean;
    }

    private SecureMemoryCredentialsProperties properties() {
        return Binder.get(environment)
                .bindOrCreate(
                        SecureMemoryCredentialsProperties.PREFIX, Bindable.of(SecureMemoryCredentialsProperties.class));
    }

    /** Tells whether this is the only data source, or the primary one. */
    private boolean isTheOne(String name) {
        List<String> names = dataSources();
        return names.size() == 1 || isPrimary(name);
    }

    private List<String> dataSources() {
        return Arrays.stream(beans.getBeanNamesForType(DataSource.class, true, false))
                .filter(name -> !name.startsWith("scopedTarget."))
                .toList();
    }

    private boolean isPrimary(String name) {
        return beans.containsBeanDefinition(name)
                && beans.getBeanDefinition(name).isPrimary();
    }

    private void prepare(HikariDataSource pool, String name, String property, String secretName) {
        taken.add(name);
        if (pool.getCredentialsProvider() != null || pool.getDataSource() != null) {
            LOG.info(
                    "The pool '{}' has a {} of the application, which is left as it is: {} has no effect",
                    name,
                    pool.getDataSource() != null ? "data source" : "provider of credentials",
                    property);
            return;
        }
        SecretStore store = beans.getBean(SecretStore.class);
        DeclaredCredential credential = DeclaredCredential.find(property, secretName, store);
        requireReady(pool, name, property);
        credential.warnOfPlainPassword(environment, PLAIN);
        pool.setPassword(null);
        PasswordState state = new PasswordState("The database of the pool '" + name + "'", credential);
        beans.getBean(SecretWatch.BEAN_NAME, SecretWatch.class).add(state);
        String url = Objects.requireNonNull(pool.getJdbcUrl());
        JdbcDrain drain = new JdbcDrain(state, () -> evict(pool, name));
        drains.add(drain);
        SecretDataSource source = new SecretDataSource(
                Drivers.of(pool.getDriverClassName(), url, name),
                url,
                pool.getDataSourceProperties(),
                pool.getUsername(),
                () -> store.accepted(secretName),
                drain);
        pool.setDataSource(source);
        credential.onRotation(() -> drain.begin(source));
    }

    private static void requireReady(HikariDataSource pool, String name, String property) {
        String of = "The property " + property + " cannot be followed by the pool '" + name + "': ";
        if (pool.getHikariPoolMXBean() != null) {
            throw Unasked.failure(
                    of + "it is open already.",
                    "Make the pool by new HikariDataSource() and its setters, which opens it at its first use.");
        }
        if (pool.getJdbcUrl() == null) {
            throw Unasked.failure(
                    of + "it has no address, but perhaps the name of a class of data sources.",
                    "Set spring.datasource.url, or remove the property.");
        }
        if (PASSWORD_IN_URL.matcher(pool.getJdbcUrl()).matches()) {
            throw Unasked.failure(
                    of + "its address has a password.",
                    "Take the password out of the address: it is on the heap for as long as the process runs.");
        }
        for (Object key : pool.getDataSourceProperties().keySet()) {
            if (String.valueOf(key).equalsIgnoreCase("password")) {
                throw Unasked.failure(
                        of + "the properties of its data source have a password.",
                        "Take the password out of spring.datasource.hikari.data-source-properties.");
            }
        }
    }

    /** Connections in use are closed when they come back, idle ones now. New ones are opened with the new password. */
    private static void evict(HikariDataSource pool, String name) {
        HikariPoolMXBean open = pool.getHikariPoolMXBean();
        if (open != null && !pool.isClosed()) {
            open.softEvictConnections();
            LOG.info("The pool '{}' replaces its connections, because their password was rotated", name);
        }
    }

    @Override
    public void afterSingletonsInstantiated() {
        SecureMemoryCredentialsProperties properties = properties();
        properties.datasources().keySet().forEach(name -> requireTaken(name, PROPERTIES + "." + name));
        if (properties.datasource() != null) {
            List<String> names = dataSources();
            List<String> primary = names.stream().filter(this::isPrimary).toList();
            if (names.size() > 1 && primary.size() != 1) {
                throw Unasked.failure(
                        "The property " + PROPERTY + " is set, and there are several data sources: " + names + ".",
                        "Say which by " + PROPERTIES + ".<name of the bean>, or make one of them primary.");
            }
            requireTaken(names.isEmpty() ? null : names.size() == 1 ? names.get(0) : primary.get(0), PROPERTY);
        }
    }

    /**
     * Requires that a bean asks for its password. One that is made later, because of lazy initialization, may still do so.
     *
     * @throws DeclaredSecretException if there is no such bean, or if it is of another kind
     */
    private void requireTaken(@Nullable String name, String property) {
        if (name == null || !beans.containsBean(name)) {
            throw Unasked.failure(
                    "The property " + property + " is set, and there is no such data source. Beans that are one: "
                            + dataSources() + ".",
                    REMEDY);
        }
        Class<?> type = beans.getType(name, false);
        if (!taken.contains(name) && (type == null || beans.containsSingleton(name))) {
            throw Unasked.failure(
                    "The property " + property + " is set, and the data source '" + name + "' of "
                            + (type == null ? "an unknown type" : type.getName())
                            + " connects without asking for the secret.",
                    REMEDY);
        }
    }

    @Override
    public void destroy() {
        drains.forEach(JdbcDrain::close);
    }
}
