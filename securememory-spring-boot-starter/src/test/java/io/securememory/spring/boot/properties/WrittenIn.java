package io.securememory.spring.boot.properties;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

/** Where properties with dots are written. */
enum WrittenIn {
    PROPERTIES {
        @Override
        PropertySource<?> of(String key, String value) {
            return loaded(new PropertiesPropertySourceLoader(), escaped(key) + "=" + value);
        }
    },
    YAML {
        @Override
        PropertySource<?> of(String key, String value) {
            String name = key.substring("securememory.secrets".length(), key.length() - ".location".length());
            return loaded(new YamlPropertySourceLoader(), """
                    securememory:
                      secrets:
                        "%s":
                          location: %s
                    """.formatted(
                            name.startsWith(".") ? name.substring(1) : name, value));
        }
    },
    COMMAND_LINE {
        @Override
        PropertySource<?> of(String key, String value) {
            return new SimpleCommandLinePropertySource("--" + key + "=" + value);
        }
    },
    SYSTEM_PROPERTIES {
        @Override
        PropertySource<?> of(String key, String value) {
            return new MapPropertySource(
                    StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, Map.of(key, value));
        }
    };

    abstract PropertySource<?> of(String key, String value);

    private static String escaped(String key) {
        return key.replace(" ", "\\ ").replace("ü", "\\u00fc");
    }

    private static PropertySource<?> loaded(PropertySourceLoader loader, String text) {
        try {
            return loader.load(
                            loader.getClass().getSimpleName(),
                            new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
