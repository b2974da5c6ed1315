package io.securememory.credentials;

import java.nio.file.Path;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;

/** An application with a client of MongoDB, which looks for a server that is not there. */
final class MongoUse {

    private MongoUse() {}

    static ConfigurableApplicationContext start(Path file, List<Class<?>> more, String uri) {
        return Contexts.start(file, "mongodb", "org.springframework.boot.mongodb", more, "spring.mongodb.uri=" + uri);
    }

    static Object of(Path file, String ignored) {
        return start(file, List.of(), "mongodb://app:@127.0.0.1:1/shop");
    }
}
