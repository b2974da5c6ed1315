package io.securememory.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;

/** What README shows compiles, binds and is complete. */
class ReadmeTest {

    private static final Path README = Path.of("..", "README.md");

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(README))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @TestFactory
    List<DynamicTest> everyJavaSnippetCompiles(@TempDir Path directory) throws IOException {
        List<String> snippets = blocks("java");
        assertThat(snippets).hasSizeGreaterThanOrEqualTo(3);
        return snippets.stream()
                .map(snippet -> DynamicTest.dynamicTest(name(snippet), () -> compile(snippet, directory)))
                .collect(Collectors.toList());
    }

    private static String name(String snippet) {
        Matcher matcher = Pattern.compile("class (\\w+)").matcher(snippet);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static void compile(String snippet, Path directory) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        JavaFileObject source =
                new SimpleJavaFileObject(
                        URI.create("memory:///" + name(snippet) + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return snippet;
                    }
                };
        List<String> options =
                List.of("-d", directory.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");

        boolean compiled = compiler.getTask(messages, null, null, options, null, List.of(source))
                .call();

        assertThat(compiled).as(messages.toString()).isTrue();
    }

    @Test
    void yamlSnippetDeclaresTheSecretThatTheJavaSnippetInjects() throws IOException {
        String yaml = blocks("yaml").get(0);

        var properties = new YamlPropertySourceLoader()
                .load("readme", new ByteArrayResource(yaml.getBytes()))
                .get(0);

        assertThat(properties.getProperty("securememory.secrets.webhook-key.location"))
                .hasToString("file:/run/secrets/webhook-key");
        assertThat(blocks("java").get(0)).contains("@Qualifier(\"webhook-key\")");
    }
}
