package io.securememory.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test classes where there is a JRE and no build, for example on a machine that is emulated. Tests that cannot
 * work there are left out by name, with a reason.
 *
 * <p>The last line tells how many tests passed, failed, were skipped and were left out. The exit code is 0 only if a
 * test passed and none failed.
 */
public final class ChosenTests {

    private final Map<String, String> leftOut;
    private final Map<String, String> met = new TreeMap<>();
    private final PrintStream out;
    private final Counts counts = new Counts();

    private ChosenTests(Map<String, String> leftOut, PrintStream out) {
        this.leftOut = leftOut;
        this.out = out;
    }

    /**
     * Runs tests and ends the JVM.
     *
     * @param arguments a file and then names of test classes. Each line of the file that is neither empty nor begins
     *     with {@code #} names a method that is left out, as {@code package.Class.method: reason}. The class is the one
     *     that declares the method, or one that inherits it.
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2) {
            throw new IllegalArgumentException("expected a file of tests that are left out, and names of classes");
        }
        List<String> names = Arrays.asList(arguments).subList(1, arguments.length);
        boolean passed = new ChosenTests(leftOut(Path.of(arguments[0])), System.out).run(names);
        System.out.flush();
        System.exit(passed ? 0 : 1);
    }

    private boolean run(List<String> names) {
        List<ClassSelector> classes =
                names.stream().map(DiscoverySelectors::selectClass).toList();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(classes)
                .filters((PostDiscoveryFilter) this::filter)
                .build();
        LauncherFactory.create().execute(request, counts);
        met.forEach((test, reason) -> out.println("left out: " + test + ": " + reason));
        counts.skipped.forEach(out::println);
        out.println("result: " + counts.passed + " passed, " + counts.failed + " failed, " + counts.skippedTests
                + " skipped, " + met.size() + " left out");
        return counts.passed > 0 && counts.failed == 0;
    }

    private FilterResult filter(TestDescriptor test) {
        TestSource source = test.getSource().orElse(null);
        if (source instanceof MethodSource method) {
            for (String type : List.of(
                    method.getClassName(),
                    method.getJavaMethod().getDeclaringClass().getName())) {
                String reason = leftOut.get(type + "." + method.getMethodName());
                if (reason != null) {
                    met.put(simple(method.getClassName()) + "." + method.getMethodName(), reason);
                    return FilterResult.excluded(reason);
                }
            }
        }
        return FilterResult.included("not left out");
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    /** Reads the names, and refuses one that no test has, which would be left over from an earlier state. */
    private static Map<String, String> leftOut(Path file) throws IOException {
        Map<String, String> read = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(": ");
            if (colon < 0) {
                throw new IllegalArgumentException("a test that is left out needs a reason: " + line);
            }
            String name = line.substring(0, colon);
            if (!exists(name)) {
                throw new IllegalArgumentException("there is no test " + name + " that could be left out");
            }
            read.put(name, line.substring(colon + 2));
        }
        return read;
    }

    private static boolean exists(String name) {
        int dot = name.lastIndexOf('.');
        String method = name.substring(dot + 1);
        try {
            Class<?> type =
                    Class.forName(name.substring(0, Math.max(0, dot)), false, ChosenTests.class.getClassLoader());
            for (Class<?> each = type; each != null; each = each.getSuperclass()) {
                if (Arrays.stream(each.getDeclaredMethods())
                        .anyMatch(m -> m.getName().equals(method))) {
                    return true;
                }
            }
            return false;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Counts tests. A class that fails outside its tests counts as a failed test. */
    private final class Counts implements TestExecutionListener {

        private final TreeSet<String> skipped = new TreeSet<>();
        private int passed;
        private int failed;
        private int skippedTests;

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            skipped(test, reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            Throwable cause = result.getThrowable().orElse(null);
            switch (result.getStatus()) {
                case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
                case ABORTED -> skipped(test, cause == null ? "no reason" : String.valueOf(cause.getMessage()));
                case FAILED -> {
                    failed++;
                    out.println("failed: " + name(test));
                    if (cause != null) {
                        cause.printStackTrace(out);
                    }
                }
            }
        }

        private void skipped(TestIdentifier test, String reason) {
            skippedTests++;
            skipped.add(
                    "skipped: " + name(test) + ": " + reason.lines().findFirst().orElse(""));
        }

        private String name(TestIdentifier test) {
            TestSource source = test.getSource().orElse(null);
            String place = source instanceof MethodSource method
                    ? simple(method.getClassName()) + "." + method.getMethodName() + ", "
                    : "";
            return place + test.getDisplayName();
        }
    }
}
