package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@OnEverySystem
class ModuleDirectoryTest {

    @Test
    void isThatOfTheClass() {
        assertThat(ModuleDirectory.of(ModuleDirectoryTest.class))
                .isAbsolute()
                .endsWith(Path.of("securememory-test-support"));
    }

    @Test
    void ofAClassOfTheJdkIsThePresentOne() {
        assertThat(ModuleDirectory.of(String.class)).isEqualTo(Path.of("").toAbsolutePath());
    }
}
