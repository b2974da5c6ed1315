package io.securememory.spring.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ModuleDirectory;
import io.securememory.testing.Needs;
import io.securememory.testing.OnEverySystem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What README shows compiles, binds and is complete. */
@OnEverySystem
class ReadmeTest {

    private static final Path MODULE = ModuleDirectory.of(ReadmeTest.class);
    private static final Path README = MODULE.resolveSibling("README.md");

    /** Reads the class path once for all snippets. */
    private @Nullable JavaFileManager files;

    @AfterEach
    void close() throws IOException {
        if (files != null) {
            files.close();
        }
    }

    static List<String> blocks(String language) throws IOException {
        return blocks(language, README);
    }

    private static List<String> blocks(String language, Path document) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(document))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @TestFactory
    List<DynamicTest> everyJavaSnippetCompiles(@TempDir Path directory) throws IOException {
        List<String> ofDocuments = new ArrayList<>();
        for (String document : List.of("docs/keys.md", "docs/residue.md", "docs/sources.md")) {
            List<String> ofDocument = blocks("java", README.resolveSibling(document));
            assertThat(ofDocument).as(document).isNotEmpty();
            ofDocuments.addAll(ofDocument);
        }
        List<String> snippets = new ArrayList<>(blocks("java"));
        assertThat(snippets).hasSizeGreaterThanOrEqualTo(3);
        snippets.addAll(ofDocuments);
        JavaCompiler compiler = Needs.compiler();
        JavaFileManager shared = compiler.getStandardFileManager(null, null, UTF_8);
        files = shared;
        return snippets.stream()
                .map(snippet ->
                        DynamicTest.dynamicTest(name(snippet), () -> compile(snippet, compiler, shared, directory)))
                .toList();
    }

    private static String name(String snippet) {
        Matcher matcher = Pattern.compile("class (\\w+)").matcher(snippet);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static void compile(String snippet, JavaCompiler compiler, JavaFileManager files, Path directory) {
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

        boolean compiled = compiler.getTask(messages, files, null, options, null, List.of(source))
                .call();

        assertThat(compiled).as(messages.toString()).isTrue();
    }

    @Test
    void theDependencyIsThisModuleInThisVersion() throws Exception {
        List<String> snippets = blocks("xml");
        assertThat(snippets).hasSize(4);
        Element dependency = parse(new ByteArrayInputStream(snippets.get(0).getBytes(UTF_8)));
        Element module = parse(Files.newInputStream(MODULE.resolve("pom.xml")));
        Element parent = child(module, "parent");
        assertThat(dependency.getTagName()).isEqualTo("dependency");
        assertThat(text(dependency, "groupId")).isEqualTo(text(parent, "groupId"));
        assertThat(text(dependency, "artifactId")).isEqualTo(text(module, "artifactId"));
        assertThat(text(dependency, "version")).isEqualTo(text(parent, "version"));
    }

    @Test
    void theDependencyOfTestsIsTheirModuleInThisVersion() throws Exception {
        String snippet = blocks("xml").get(3);
        Element dependency = parse(new ByteArrayInputStream(snippet.getBytes(UTF_8)));
        Element module = parse(
                Files.newInputStream(MODULE.resolveSibling("securememory-test").resolve("pom.xml")));
        assertThat(text(dependency, "artifactId")).isEqualTo(text(module, "artifactId"));
        assertThat(text(dependency, "scope")).isEqualTo("test");
        for (String name : List.of("groupId", "version")) {
            assertThat(text(dependency, name)).isEqualTo(text(child(module, "parent"), name));
        }
        assertThat(Files.readString(README))
                .contains("testImplementation(\"" + text(dependency, "groupId") + ":" + text(dependency, "artifactId")
                        + ":" + text(dependency, "version") + "\")");
    }

    /** As the sample has it, whose jar is started in its tests. */
    @Test
    void theManifestIsThatOfTheSample() throws Exception {
        String entry = "<Enable-Native-Access>ALL-UNNAMED</Enable-Native-Access>";
        String plugin = blocks("xml").get(1);
        assertThat(parse(new ByteArrayInputStream(plugin.getBytes(UTF_8))).getTagName())
                .isEqualTo("plugin");
        assertThat(plugin).contains(entry).contains("<artifactId>maven-jar-plugin</artifactId>");
        assertThat(Files.readString(MODULE.resolveSibling("sample-app").resolve("pom.xml")))
                .contains(entry);
    }

    @Test
    void gradleTakesTheSameDependency() throws Exception {
        Element parent = child(parse(Files.newInputStream(MODULE.resolve("pom.xml"))), "parent");
        assertThat(Files.readString(README))
                .contains("implementation(\"" + text(parent, "groupId") + ":securememory-spring-boot-starter:"
                        + text(parent, "version") + "\")");
    }

    private static Element parse(InputStream xml) throws Exception {
        try (xml) {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(xml)
                    .getDocumentElement();
        }
    }

    private static Element child(Element parent, String name) {
        NodeList children = parent.getChildNodes();
        return IntStream.range(0, children.getLength())
                .mapToObj(children::item)
                .filter(node -> node.getNodeName().equals(name))
                .map(Element.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static String text(Element parent, String name) {
        return child(parent, name).getTextContent().strip();
    }

    @Test
    void yamlSnippetDeclaresTheSecretThatTheJavaSnippetInjects() throws IOException {
        EnumerablePropertySource<?> properties = properties(blocks("yaml").get(0));
        assertThat(properties.getProperty("securememory.secrets.webhook-key.location"))
                .hasToString("file:/run/secrets/webhook-key");
        assertThat(blocks("java").get(0)).contains("@Qualifier(\"webhook-key\")");
    }

    /** Those of others are few, and are listed. */
    @TestFactory
    List<DynamicTest> everyYamlSnippetIsOfPropertiesThatThisPageLists() throws IOException {
        List<Pattern> listed = Pattern.compile("(?m)^\\| `(securememory\\.[^`]+)` \\|")
                .matcher(Files.readString(README))
                .results()
                .map(row -> Pattern.compile(Pattern.quote(row.group(1)).replace("<name>", "\\E[a-z-]+\\Q")))
                .toList();
        List<String> snippets = blocks("yaml");
        assertThat(snippets).hasSizeGreaterThanOrEqualTo(3);
        return snippets.stream()
                .flatMap(snippet -> Arrays.stream(properties(snippet).getPropertyNames()))
                .distinct()
                .filter(name -> !name.equals("server.ssl.bundle")
                        && !name.equals("spring.datasource.url")
                        && !name.equals("spring.datasource.username")
                        && !name.startsWith("management.endpoints.web.")
                        && !name.startsWith("management.endpoint.health."))
                .map(name -> DynamicTest.dynamicTest(
                        name,
                        () -> assertThat(listed)
                                .anyMatch(row -> row.matcher(name).matches())))
                .toList();
    }

    private static EnumerablePropertySource<?> properties(String yaml) {
        try {
            return (EnumerablePropertySource<?>) new YamlPropertySourceLoader()
                    .load("readme", new ByteArrayResource(yaml.getBytes(UTF_8)))
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
