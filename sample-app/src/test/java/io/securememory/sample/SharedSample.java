package io.securememory.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Injects one running sample and its key into all tests of this virtual machine that only look at it. The first of them
 * starts it, and it ends when this virtual machine does.
 */
final class SharedSample implements ParameterResolver {

    /** File in the sample's directory that lists the classes it has loaded. */
    static final String CLASSES = "classes.log";

    /** Longer than a block of HMAC, so that the hash of the key is in use as well. */
    private static final int LONG_KEY = 100;

    private static final Namespace NAMESPACE = Namespace.create(SharedSample.class);

    /** A process and the key that it signs with. */
    private record Running(TestKey key, SampleProcess process, Path keyFile) implements AutoCloseable {

        static Running start() {
            TestKey key = TestKey.random(LONG_KEY);
            Path keyFile = key.writeTo(newFile());
            SampleCommand command = SampleCommand.withKeyFile(keyFile).jvmOptions("-Xlog:class+load:file=" + CLASSES);
            if (Runtime.version().feature() >= 24) {
                command.jvmOptions("--illegal-native-access=deny");
            }
            try {
                return new Running(key, command.start(), keyFile);
            } catch (RuntimeException | Error e) {
                delete(keyFile);
                throw e;
            }
        }

        private static void delete(Path file) {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Path newFile() {
            try {
                return Files.createTempFile("webhook-key", null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                process.close();
            } finally {
                delete(keyFile);
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestKey.class || type == SampleProcess.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running = context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                .computeIfAbsent(Running.class, type -> Running.start(), Running.class);
        return parameter.getParameter().getType() == TestKey.class ? running.key() : running.process();
    }
}
