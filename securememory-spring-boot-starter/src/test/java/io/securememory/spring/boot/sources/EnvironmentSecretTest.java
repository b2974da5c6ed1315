package io.securememory.spring.boot.sources;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Result;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Secrets from the environment of the process. */
@ExtendWith(OutputCaptureExtension.class)
class EnvironmentSecretTest {

    private static final String KEY = "securememory.secrets.key.";

    /** Reads a variable, purges, and reads it again. */
    static final class Program {

        public static void main(String[] arguments) {
            Starter.runner().withPropertyValues(KEY + "environment=PASSWORD").run(context -> {
                Secret secret = context.getBean("key", Secret.class);
                boolean isRight = secret.contentEquals("päss=word".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                context.getBean(SecureMemory.class).purge();
                boolean isBack = context.getBean(SecretStore.class).reload("key");
                System.out.println("right " + isRight + ", back " + isBack + ", length " + secret.length());
            });
        }
    }

    @Test
    void aVariableIsReadAndItIsToldThatItStays() {
        Result result = Starter.child(Program.class)
                .withNativeAccess()
                .options("-Dsun.jnu.encoding=UTF-8")
                .environment("PASSWORDX", "other")
                .environment("XPASSWORD", "other")
                .environment("LC_ALL", "C.UTF-8")
                .environment("PASSWORD", "päss=word")
                .run();

        assertThat(result.output())
                .contains("right true, back true, length 10")
                .containsOnlyOnce("was read from the environment variable PASSWORD. It stays in the environment block")
                .doesNotContain("word=");
    }

    @Test
    void aVariableThatIsMissingEndsTheStart() {
        Starter.runner()
                .withPropertyValues(KEY + "environment=SECUREMEMORY_TEST_ABSENT")
                .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                        .contains("The secret 'key' (" + KEY
                                + "environment) cannot be loaded from the environment variable"
                                + " SECUREMEMORY_TEST_ABSENT: this process was started without it."));
    }

    @Test
    void anOptionalVariableMayBeMissing() {
        Starter.runner()
                .withPropertyValues(KEY + "environment=SECUREMEMORY_TEST_ABSENT", KEY + "required=false")
                .run(context -> {
                    assertThat(context.containsBean("key")).isFalse();
                    assertThat(context.getBean(SecretStore.class).reload("key")).isFalse();
                });
    }

    @Test
    void contentInPlaceOfANameIsNotShown(CapturedOutput output) {
        Starter.runner()
                .withPropertyValues(KEY + "environment=" + MARKER)
                .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                        .contains("is not the name of a variable; it is not shown here")
                        .doesNotContain(MARKER));
        assertThat(output).doesNotContain(MARKER);
    }

    @Test
    void anIntervalIsRefused() {
        Starter.runner()
                .withPropertyValues(KEY + "environment=PATH", KEY + "reload-interval=1s")
                .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                        .contains("the environment of a process does not change"));
    }
}
