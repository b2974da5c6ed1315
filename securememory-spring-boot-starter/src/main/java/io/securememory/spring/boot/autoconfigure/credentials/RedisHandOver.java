package io.securememory.spring.boot.autoconfigure.credentials;

import io.lettuce.core.RedisCredentialsProvider;
import io.securememory.spring.boot.credentials.SecretRedisCredentialsProvider;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

/**
 * Lets Lettuce ask for the password of the data nodes. The password of sentinels stays what the properties say.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
final class RedisHandOver
        implements LettuceClientConfigurationBuilderCustomizer,
                RedisCredentialsProviderFactory,
                SmartInitializingSingleton,
                DisposableBean {

    private static final String REMEDY = "Use Lettuce and the connection factory of Spring Boot:"
            + " org.springframework.boot:spring-boot-starter-data-redis, and spring.data.redis.client-type=lettuce if there is"
            + " Jedis as well. For a connection factory of your own, remove the property, and give its configuration a"
            + " redisCredentialsProviderFactory that makes a SecretRedisCredentialsProvider.";

    private final DeclaredCredential credential;
    private final ConfigurableListableBeanFactory beans;

    /** By the name of the user, which is empty for the default one. */
    private final Map<String, SecretRedisCredentialsProvider> providers = new ConcurrentHashMap<>();

    RedisHandOver(DeclaredCredential credential, ConfigurableListableBeanFactory beans) {
        this.credential = credential;
        this.beans = beans;
        credential.onRotation(() -> providers.values().forEach(SecretRedisCredentialsProvider::refresh));
    }

    @Override
    public void customize(LettuceClientConfigurationBuilder builder) {
        builder.redisCredentialsProviderFactory(this);
    }

    @Override
    public RedisCredentialsProvider createCredentialsProvider(RedisConfiguration configuration) {
        String username = configuration instanceof RedisConfiguration.WithAuthentication user
                ? Objects.requireNonNullElse(user.getUsername(), "")
                : "";
        return providers.computeIfAbsent(
                username,
                name -> new SecretRedisCredentialsProvider(name.isEmpty() ? null : name, credential.secret()));
    }

    @Override
    public void afterSingletonsInstantiated() {
        Unasked.check(credential.property(), RedisConnectionFactory.class, beans, () -> !providers.isEmpty(), REMEDY);
    }

    @Override
    public void destroy() {
        providers.values().forEach(SecretRedisCredentialsProvider::close);
    }
}
