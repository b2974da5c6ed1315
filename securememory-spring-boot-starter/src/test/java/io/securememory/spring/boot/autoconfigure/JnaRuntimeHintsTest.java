package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnEverySystem;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeHint;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What a native image keeps is compared with what JNA's own files look up. No native image is built here. */
@OnEverySystem
class JnaRuntimeHintsTest {

    private static final String LIBRARY = "com/sun/jna/%s/libjnidispatch.so";

    private final RuntimeHints hints = new RuntimeHints();

    @BeforeEach
    void register() {
        List<RuntimeHintsRegistrar> registrars = SpringFactoriesLoader.forResourceLocation(
                        "META-INF/spring/aot.factories", getClass().getClassLoader())
                .load(RuntimeHintsRegistrar.class);
        assertThat(registrars).hasAtLeastOneElementOfType(JnaRuntimeHints.class);
        registrars.stream()
                .filter(JnaRuntimeHints.class::isInstance)
                .forEach(registrar -> registrar.registerHints(hints, getClass().getClassLoader()));
    }

    @Test
    void everyTypeThatTheNativeLibraryLooksUpIsKeptForIt() throws IOException {
        Set<String> kept = hints.jni()
                .typeHints()
                .filter(hint -> hint.getMemberCategories()
                        .containsAll(Set.of(
                                MemberCategory.ACCESS_DECLARED_FIELDS,
                                MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
                                MemberCategory.INVOKE_DECLARED_METHODS)))
                .map(TypeHint::getType)
                .map(type -> type.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> lookedUp = lookedUpBy(LIBRARY.formatted("linux-x86-64"));
        assertThat(lookedUp).contains("com.sun.jna.Native", "java.lang.Integer");

        lookedUp.addAll(JnaRuntimeHints.FUNCTIONS);
        assertThat(kept).isEqualTo(lookedUp);
    }

    /** Names of types are plain text in a library, alone or in the signature of a method. */
    private static Set<String> lookedUpBy(String library) throws IOException {
        try (InputStream in = JnaRuntimeHintsTest.class.getClassLoader().getResourceAsStream(library)) {
            assertThat(in).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            return Pattern.compile("\\x00L?((?:com/sun/jna|java/\\w+(?:/reflect)?)/[A-Z][\\w$]+);?(?=\\x00)")
                    .matcher(text)
                    .results()
                    .map((MatchResult match) -> match.group(1).replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void everyFunctionThatJnaBindsIsKept() throws ClassNotFoundException {
        List<Method> methods = new ArrayList<>();
        for (String functions : JnaRuntimeHints.FUNCTIONS) {
            Class<?> bound = Class.forName(functions, false, getClass().getClassLoader());
            methods.addAll(Stream.of(bound.getDeclaredMethods())
                    .filter(method -> Modifier.isNative(method.getModifiers()))
                    .toList());
        }
        assertThat(methods).extracting(Method::getName).contains("mmap", "mlock", "mprotect", "EVP_CipherUpdate");
        assertThat(methods)
                .allMatch(method -> RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(method)
                        .test(hints));
    }

    @Test
    void theLibrariesOfLinuxArePackedAndNoOther() {
        assertThat(List.of("linux-x86-64", "linux-aarch64", "linux-riscv64"))
                .allMatch(platform -> isPacked(LIBRARY.formatted(platform)));
        assertThat(isPacked("com/sun/jna/darwin-aarch64/libjnidispatch.jnilib")).isFalse();
    }

    private boolean isPacked(String resource) {
        return RuntimeHintsPredicates.resource().forResource(resource).test(hints);
    }

    @Test
    void nothingIsKeptWithoutJna() throws IOException {
        RuntimeHints none = new RuntimeHints();
        try (URLClassLoader empty = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            new JnaRuntimeHints().registerHints(none, empty);
        }
        assertThat(none.jni().typeHints()).isEmpty();
        assertThat(none.resources().resourcePatternHints()).isEmpty();
    }
}
