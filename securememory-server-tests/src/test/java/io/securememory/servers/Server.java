package io.securememory.servers;

import java.util.Arrays;
import java.util.List;
import org.springframework.boot.WebApplicationType;

/** A server of Spring Boot. */
enum Server {
    TOMCAT("org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration", true),
    /** Keeps the key store that it starts with. */
    JETTY("org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration", false),
    NETTY("org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration", true);

    private static final List<String> OTHERS = List.of(
            "org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration",
            "org.springframework.boot.jetty.autoconfigure.reactive.JettyReactiveWebServerAutoConfiguration");

    private final String autoConfiguration;
    private final boolean follows;

    Server(String autoConfiguration, boolean follows) {
        this.autoConfiguration = autoConfiguration;
        this.follows = follows;
    }

    /** Tells whether it takes new content of its bundle. */
    boolean follows() {
        return follows;
    }

    /** Returns the auto-configurations of all other servers. */
    String exclusions() {
        List<String> own = Arrays.stream(values())
                .filter(server -> server != this)
                .map(server -> server.autoConfiguration)
                .toList();
        return String.join(",", own) + "," + String.join(",", OTHERS);
    }

    WebApplicationType type() {
        return this == NETTY ? WebApplicationType.REACTIVE : WebApplicationType.SERVLET;
    }

    Class<?> application() {
        return this == NETTY ? ReactiveApplication.class : ServletApplication.class;
    }
}
