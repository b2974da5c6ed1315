package io.securememory.credentials;

import java.nio.file.Path;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.ldap.core.LdapTemplate;

/** An application that asks an LDAP server. */
final class LdapUse {

    private static final int REQUESTS = 3;

    private LdapUse() {}

    static ConfigurableApplicationContext start(Path file, String port, List<Class<?>> more) {
        return Contexts.start(
                file,
                "ldap",
                "org.springframework.boot.ldap",
                more,
                "spring.ldap.urls=ldap://127.0.0.1:" + port,
                "spring.ldap.base=" + DirectoryServer.BASE,
                "spring.ldap.username=" + DirectoryServer.USER);
    }

    static Object ask(ConfigurableApplicationContext context) {
        return context.getBean(LdapTemplate.class).lookup("uid=app");
    }

    static Object of(Path file, String port) {
        ConfigurableApplicationContext context = start(file, port, List.of());
        for (int i = 0; i < REQUESTS; i++) {
            ask(context);
        }
        return context;
    }
}
