package io.securememory.spring.boot.autoconfigure;

import io.securememory.ProtectionReport;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * An application that takes the names of another platform for its own, starts, uses a secret, and shows what an operator
 * sees.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SimulatedPlatform {

    /**
     * Runs the application.
     *
     * @param arguments Java's names of operating system and processor, then properties as on a command line
     */
    public static void main(String[] arguments) {
        // JNA chooses its native library by the name of the operating system, and functions are bound by it.
        MemCalls.lookup(NativeAccess.JNA);
        MemCalls.system();
        System.setProperty("os.name", arguments[0]);
        System.setProperty("os.arch", arguments[1]);
        String[] properties = java.util.Arrays.copyOfRange(arguments, 2, arguments.length);
        try (ConfigurableApplicationContext context = SpringApplication.run(SimulatedPlatform.class, properties)) {
            Secret secret = context.getBean("key", Secret.class);
            System.out.println("length " + secret.withBytes(view -> view.length()));
            System.out.println("equal "
                    + secret.withBytes(view -> {
                        byte[] bytes = new byte[view.length()];
                        view.copyTo(0, bytes, 0, bytes.length);
                        return secret.contentEquals(bytes);
                    }));
            SecureMemory session = context.getBean(SecureMemory.class);
            System.out.println("backing " + session.status().backing());
            System.out.println("protected " + session.status().liveProtected());
            for (ProtectionReport.Item item : session.protection().items()) {
                System.out.println(
                        "item " + item.name() + " " + item.state() + " " + item.detail() + " | " + item.remedy());
            }
            System.out.println("health "
                    + context.getBean("securememoryHealthIndicator", HealthIndicator.class)
                            .health());
        }
        System.out.println("closed");
    }
}
