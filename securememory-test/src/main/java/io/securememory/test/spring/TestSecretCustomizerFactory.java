package io.securememory.test.spring;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Finds the secrets that a test class declares. The test framework makes an instance. */
final class TestSecretCustomizerFactory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
        Map<String, MergedAnnotation<TestSecret>> nearest = new LinkedHashMap<>();
        MergedAnnotations.search(SearchStrategy.TYPE_HIERARCHY)
                .withEnclosingClasses(TestContextAnnotationUtils::searchEnclosingClass)
                .from(testClass)
                .stream(TestSecret.class)
                .forEach(found -> keepNearest(nearest, found, testClass));
        if (nearest.isEmpty()) {
            return null;
        }
        Map<String, TestSecret> declared = new LinkedHashMap<>();
        nearest.forEach((name, found) -> declared.put(name, found.synthesize()));
        return new TestSecretCustomizer(declared);
    }

    /** The stream begins with the class itself. */
    private static void keepNearest(
            Map<String, MergedAnnotation<TestSecret>> nearest, MergedAnnotation<TestSecret> found, Class<?> testClass) {
        String name = found.getString("name");
        if (name.isBlank()) {
            throw new IllegalStateException("@TestSecret of " + testClass.getName() + " has no name");
        }
        MergedAnnotation<TestSecret> nearer = nearest.putIfAbsent(name, found);
        if (nearer != null && nearer.getAggregateIndex() == found.getAggregateIndex()) {
            throw new IllegalStateException("@TestSecret(name = \"" + name + "\") is there twice on one class, for "
                    + testClass.getName() + "; take one of them away");
        }
    }
}
