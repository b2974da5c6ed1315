package io.securememory.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Injects one running sample and its key into all tests that only look at it. It is started by the first of them and ends
 * with the last.
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
            return new Running(key, command.start(), keyFile);
        }

        private static Path newFile() {
            try {
                return Files.createTempFile("webhook-key", null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            process.close();
            Files.delete(keyFile);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestKey.class || type == SampleProcess.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Running.class, type -> Running.start(), Running.class);
        return parameter.getParameter().getType() == TestKey.class ? running.key() : running.process();
    }
}
