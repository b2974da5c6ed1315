package io.securememory.spring.boot.test;

import static io.securememory.test.SecretAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.test.spring.TestSecret;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.autoconfigure.json.JsonTest;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;

/** Secrets that tests declare by an annotation. */
@Tag("boot")
class TestSecretTest {

    private final Set<Class<?>> used = new HashSet<>();

    /** The context of a test class, which may be one that another class has. */
    private ApplicationContext context(Class<?> type) {
        used.add(type);
        return new TestContextManager(type).getTestContext().getApplicationContext();
    }

    private Secret secret(Class<?> type, String name) {
        return context(type).getBean(name, Secret.class);
    }

    @AfterEach
    void close() {
        used.forEach(type -> new TestContextManager(type).getTestContext().markApplicationContextDirty(null));
    }

    @Test
    void itTakesThePlaceOfTheDeclaredOne() {
        assertThat(secret(First.class, "key")).isOpen().hasContent("made up \u00fc\u20ac ");
        assertThat(context(First.class).getBeansOfType(Secret.class)).containsOnlyKeys("key", "dotted.key");
    }

    @Test
    void withoutAValueItIsRandomInEachContext() {
        Secret random = secret(First.class, "dotted.key");
        assertThat(random).hasLength(32);
        assertThat(random.<Boolean, RuntimeException>withHeapChars(text -> new String(text).matches("[A-Za-z0-9_-]+")))
                .isTrue();
        Secret other = secret(OtherValue.class, "dotted.key");
        assertThat(other).hasLength(64);
        byte[] before = new HmacSha256(random).sign(new byte[1]);
        close();
        assertThat(new HmacSha256(secret(First.class, "dotted.key")).sign(new byte[1]))
                .isNotEqualTo(before);
    }

    @Test
    void equalDeclarationsShareAContextAndOthersDoNot() {
        assertThat(context(SameAsFirst.class)).isSameAs(context(First.class));
        assertThat(context(OtherValue.class)).isNotSameAs(context(First.class));
        assertThat(secret(OtherValue.class, "key")).hasContent("another");
    }

    @Test
    void aSubclassHasThoseOfItsSuperclassAndMayReplaceThem() {
        assertThat(context(Subclass.class).getBeansOfType(Secret.class))
                .containsOnlyKeys("key", "dotted.key", "more", "of-interface");
        assertThat(secret(Subclass.class, "key")).hasContent("of the subclass");
        assertThat(secret(Subclass.class, "of-interface")).hasContent("of the interface");
    }

    @Test
    void anInnerClassHasThoseOfItsOuterClass() {
        assertThat(context(First.Inner.class).getBeansOfType(Secret.class))
                .containsOnlyKeys("key", "dotted.key", "of-inner");
        assertThat(context(First.Same.class)).isSameAs(context(First.class));
    }

    @Test
    void itMayBePartOfAnotherAnnotation() {
        assertThat(secret(Composed.class, "composed")).hasContent("by an alias");
    }

    @Test
    void aSliceHasTheStarterIfAndOnlyIfItHasASecret() {
        assertThat(secret(Slice.class, "key")).hasContent("in a slice");
        assertThat(context(SliceWithout.class).getBeansOfType(SecureMemory.class))
                .isEmpty();
    }

    @Test
    void theFileIsForItsOwnerOnlyAndGoneWhenTheContextIsClosed() throws Exception {
        String location = context(First.class).getEnvironment().getProperty("securememory.secrets[key].location");
        Path file = Path.of(location.substring("file:".length()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        close();
        assertThat(file).doesNotExist();
    }

    @Test
    void whatIsWrongIsRefusedByName() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> context(Twice.class))
                .withMessageContaining("@TestSecret(name = \"key\") is there twice")
                .withMessageContaining("Twice");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> context(Nameless.class))
                .withMessageContaining("has no name");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> context(Short.class))
                .havingRootCause()
                .withMessage("the secret 'key' has the length 0, expected 1 or more");
        used.clear();
    }

    @SpringBootTest(
            classes = Application.class,
            webEnvironment = WebEnvironment.NONE,
            properties = {
                "securememory.secrets.key.location=file:/no/such/directory/key",
                "securememory.secrets.key.encoding=base64",
                "securememory.secrets[dotted.key].generate=16"
            })
    @Retention(RetentionPolicy.RUNTIME)
    private @interface OfApplication {}

    @OfApplication
    @TestSecret(name = "key", value = "made up \u00fc\u20ac ")
    @TestSecret(name = "dotted.key")
    static class First {

        @TestSecret(name = "of-inner")
        class Inner {}

        class Same {}
    }

    @OfApplication
    @TestSecret(name = "dotted.key")
    @TestSecret(name = "key", value = "made up \u00fc\u20ac ")
    static class SameAsFirst {}

    @OfApplication
    @TestSecret(name = "key", value = "another")
    @TestSecret(name = "dotted.key", length = 64)
    static class OtherValue {}

    @TestSecret(name = "key", value = "of the subclass")
    @TestSecret(name = "more")
    static class Subclass extends First implements WithSecret {}

    @TestSecret(name = "of-interface", value = "of the interface")
    interface WithSecret {}

    @TestSecret(name = "composed")
    @Retention(RetentionPolicy.RUNTIME)
    private @interface Named {

        @AliasFor(annotation = TestSecret.class, attribute = "value")
        String content();
    }

    @SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
    @Named(content = "by an alias")
    static class Composed {}

    @JsonTest
    @ContextConfiguration(classes = Application.class)
    @TestSecret(name = "key", value = "in a slice")
    static class Slice {}

    @JsonTest
    @ContextConfiguration(classes = Application.class)
    static class SliceWithout {}

    @OfApplication
    @TestSecret(name = "key")
    @TestSecret(name = "key", value = "again")
    static class Twice {}

    @OfApplication
    @TestSecret(name = " ")
    static class Nameless {}

    @OfApplication
    @TestSecret(name = "key", length = 0)
    static class Short {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
