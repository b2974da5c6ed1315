package io.securememory.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.testing.Needs;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContextManager;

/** What README shows in Java is an application, with a test that the test framework can run. */
@Tag("boot")
@Tag("boot-smoke")
class ReadmeApplicationTest {

    private static final String PACKAGE = "readme";
    private static final String APPLICATION = """
            package readme;

            @org.springframework.boot.autoconfigure.SpringBootApplication
            class Application {}
            """;

    /** Something to do with the test, the context and the secret of the application. */
    interface Check {
        void run(ClassLoader classes, Object test, ApplicationContext context, Secret key) throws Exception;
    }

    @Test
    void itsClassesAreAnApplication(@TempDir Path directory) throws Exception {
        inApplication(directory, ReadmeApplicationTest::check);
    }

    static void inApplication(Path directory, Check check) throws Exception {
        compile(directory);
        Thread thread = Thread.currentThread();
        ClassLoader original = thread.getContextClassLoader();
        try (URLClassLoader classes =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, original)) {
            thread.setContextClassLoader(classes);
            run(classes, check);
        } finally {
            thread.setContextClassLoader(original);
        }
    }

    private static void run(ClassLoader classes, Check check) throws Exception {
        Class<?> type = classes.loadClass(PACKAGE + ".WebhookSignerTest");
        Object test = made(type);
        TestContextManager manager = new TestContextManager(type);
        manager.beforeTestClass();
        try {
            manager.prepareTestInstance(test);
            ApplicationContext context = manager.getTestContext().getApplicationContext();
            Secret key = context.getBean("webhook-key", Secret.class);
            check.run(classes, test, context, key);
            manager.getTestContext().markApplicationContextDirty(null);
            assertThat(key.isClosed()).isTrue();
        } finally {
            // Its classes must not stay in the framework's cache.
            manager.getTestContext().markApplicationContextDirty(null);
            manager.afterTestClass();
        }
    }

    private static void check(ClassLoader classes, Object test, ApplicationContext context, Secret key)
            throws Exception {
        byte[] payload = "payload".getBytes(StandardCharsets.UTF_8);
        Object signer = context.getBean(classes.loadClass(PACKAGE + ".WebhookSigner"));
        assertThat((byte[]) called(signer, "sign", byte[].class, payload)).isEqualTo(new HmacSha256(key).sign(payload));
        Object tokens = context.getBean(classes.loadClass(PACKAGE + ".Tokens"));
        Method accepts = type(tokens).getDeclaredMethod("accepts", char[].class, Secret.class);
        accepts.setAccessible(true);
        char[] token = key.withHeapChars(char[]::clone);
        assertThat(accepts.invoke(tokens, token, key)).isEqualTo(true);
        assertThat(token).containsOnly('\0');
        assertThat(accepts.invoke(tokens, "another token".toCharArray(), key)).isEqualTo(false);
        assertThat(context.getBeansOfType(classes.loadClass(PACKAGE + ".Rotation")))
                .hasSize(1);
        assertThat(context.getBean(SecureMemory.class).status().liveSecrets()).isEqualTo(1);
    }

    private static Object made(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    static Object called(Object target, String name, Class<?> parameter, Object argument)
            throws ReflectiveOperationException {
        Method method = type(target).getDeclaredMethod(name, parameter);
        method.setAccessible(true);
        return method.invoke(target, argument);
    }

    private static Class<?> type(Object bean) {
        return bean.getClass();
    }

    /** Each snippet is a file, of one package. */
    private static void compile(Path directory) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-d", directory.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none", "-parameters"));
        arguments.add(write(directory, "Application", APPLICATION));
        for (String snippet : ReadmeTest.blocks("java")) {
            Matcher name = Pattern.compile("class (\\w+)").matcher(snippet);
            assertThat(name.find()).isTrue();
            arguments.add(write(directory, name.group(1), "package " + PACKAGE + ";\n" + snippet));
        }
        assertThat(Needs.compiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }

    private static String write(Path directory, String name, String source) throws IOException {
        return Files.writeString(directory.resolve(name + ".java"), source).toString();
    }
}
