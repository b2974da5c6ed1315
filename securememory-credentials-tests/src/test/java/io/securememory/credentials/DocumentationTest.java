package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.ModuleDirectory;
import io.securememory.testing.Needs;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation of passwords of clients shows compiles. */
class DocumentationTest {

    private static final Path FILE = ModuleDirectory.of(DocumentationTest.class).resolveSibling("docs/credentials.md");
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("\nclass (\\w+)");

    @TempDir
    Path directory;

    @Test
    void everySnippetCompiles() throws IOException {
        List<Path> sources = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(FILE));
        while (block.find()) {
            Matcher name = NAME.matcher(block.group(1));
            assertThat(name.find()).as(block.group(1)).isTrue();
            sources.add(Files.writeString(directory.resolve(name.group(1) + ".java"), block.group(1)));
        }
        assertThat(sources).isNotEmpty();
        JavaCompiler compiler = Needs.compiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-d", directory.toString(), "-cp", ChildJvm.testClassPath());
            boolean compiles = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();

            assertThat(compiles).as(said.toString()).isTrue();
        }
    }
}
