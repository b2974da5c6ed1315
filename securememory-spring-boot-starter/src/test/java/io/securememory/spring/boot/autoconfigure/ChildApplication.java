package io.securememory.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** How to start and close an application in a virtual machine of its own. */
final class ChildApplication {

    /** It lives for seconds, in which most of what a better compiler did would not pay. */
    private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final List<String> launcher = new ArrayList<>();
    private final List<String> options = new ArrayList<>(QUICK_START);
    private final List<String> arguments = new ArrayList<>();
    private String classPath = System.getProperty("java.class.path");
    private Class<?> mainClass = Application.class;

    /** What it printed on both of its outputs, and its exit code. */
    record Result(int exitCode, String output) {}

    /** Words that come before the command, like {@code unshare}. */
    ChildApplication launcher(String... words) {
        launcher.addAll(List.of(words));
        return this;
    }

    ChildApplication options(String... values) {
        options.addAll(List.of(values));
        return this;
    }

    ChildApplication arguments(String... values) {
        arguments.addAll(List.of(values));
        return this;
    }

    ChildApplication classPath(String value) {
        classPath = value;
        return this;
    }

    /** In place of an application that only starts and closes. */
    ChildApplication mainClass(Class<?> value) {
        mainClass = value;
        return this;
    }

    /** Runs it to its end. */
    Result run() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, mainClass.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        public static void main(String[] arguments) {
            SpringApplication.run(Application.class, arguments).close();
        }
    }
}
