package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.SecureMemory;
import io.securememory.jca.CryptoEngine;
import io.securememory.jca.ProtectedKeys;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Await;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Security;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Two applications in one container, each with a copy of the library, and again after they were deployed anew. */
class StarterRedeploymentTest {

    /** Through JNA, it takes longer than a test may: half a minute for each. The core has a test of that. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_22)
    void applicationsWithCopiesOfTheirOwnSignAndLeaveNothing() {
        Result result = Starter.child(Container.class)
                .withNativeAccess()
                .options("-XX:SoftRefLRUPolicyMSPerMB=0")
                .run();
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output().lines())
                .containsSubsequence(
                        "signed by SecureMemory",
                        "signed by SecureMemory-2",
                        "no provider",
                        "all class loaders are gone");
    }

    /** The container. */
    static final class Container {

        private static final int DEPLOYMENTS = 2;

        private Container() {}

        public static void main(String[] arguments) throws Exception {
            List<WeakReference<ClassLoader>> dropped = new ArrayList<>();
            for (int i = 0; i < DEPLOYMENTS; i++) {
                deployTwo(dropped);
            }
            System.out.println(
                    Security.getProvider("SecureMemory") == null && Security.getProvider("SecureMemory-2") == null
                            ? "no provider"
                            : "a provider is left");
            for (WeakReference<ClassLoader> loader : dropped) {
                Await.collected("the end of a class loader", () -> loader.refersTo(null));
            }
            System.out.println("all class loaders are gone");
        }

        private static void deployTwo(List<WeakReference<ClassLoader>> dropped) throws Exception {
            try (URLClassLoader one = loader();
                    URLClassLoader two = loader();
                    AutoCloseable first = start(one);
                    AutoCloseable second = start(two)) {
                dropped.add(new WeakReference<>(one));
                dropped.add(new WeakReference<>(two));
                System.out.println(first + " and " + second);
            }
        }

        private static AutoCloseable start(ClassLoader loader) throws Exception {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(loader);
            try {
                return (AutoCloseable) loader.loadClass(Application.class.getName())
                        .getMethod("start")
                        .invoke(null);
            } finally {
                thread.setContextClassLoader(before);
            }
        }

        private static URLClassLoader loader() throws Exception {
            List<URL> urls = new ArrayList<>();
            for (String entry : ChildJvm.testClassPath().split(File.pathSeparator)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        }
    }

    /** One application. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    public static class Application {

        /** Starts, and signs with a key in protected memory. */
        public static AutoCloseable start() throws Exception {
            AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Application.class);
            KeyPair pair = ProtectedKeys.generate(
                    context.getBean(SecureMemory.class).secrets(), "EC", null, context.getBean(CryptoEngine.class));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update((byte) 1);
            signature.sign();
            System.out.println("signed by " + signature.getProvider().getName());
            return context;
        }
    }
}
