package io.securememory.spring.boot.autoconfigure.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.DeclaredSecretException;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of the files of a bundle. */
class SslFailuresTest {

    @TempDir
    Path directory;

    /** Whoever may read everything cannot be refused, so the file is one that only a link to nowhere hides from it. */
    @Test
    void aCertificateThatIsNotThereIsNotCalledUnreadable() {
        DeclaredSecretException failure = SslFailures.notReadable(
                "a.property", "file:none", directory.resolve("none"), new FileNotFoundException());
        assertThat(failure.getMessage()).contains("it does not exist");
    }
}
