package io.securememory.spring.boot.autoconfigure;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** An application that only starts and closes. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class StartsAndCloses {

    public static void main(String[] arguments) {
        SpringApplication.run(StartsAndCloses.class, arguments).close();
    }
}
