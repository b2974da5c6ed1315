package io.securememory.credentials;

import java.nio.file.Path;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** An application that uses Redis. */
final class RedisUse {

    static final String PACKAGE = "org.springframework.boot.data.redis";

    private RedisUse() {}

    static Object of(Path secret, String port) {
        ConfigurableApplicationContext context = Contexts.start(
                secret,
                "redis",
                PACKAGE,
                List.of(),
                "spring.data.redis.host=127.0.0.1",
                "spring.data.redis.port=" + port,
                "spring.data.redis.username=" + RedisServer.USER);
        StringRedisTemplate template = context.getBean(StringRedisTemplate.class);
        template.opsForValue().set("key", "value");
        context.getBean(LettuceConnectionFactory.class).resetConnection();
        template.opsForValue().get("key");
        return context;
    }
}
