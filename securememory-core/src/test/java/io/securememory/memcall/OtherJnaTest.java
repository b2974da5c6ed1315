package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.Storage;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.ModuleDirectory;
import io.securememory.testing.Result;
import java.io.File;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application gets the version of JNA that its other libraries brought, or none. */
class OtherJnaTest {

    private static final Path JARS = ModuleDirectory.of(OtherJnaTest.class).resolve("target/jna");

    @ParameterizedTest
    @ValueSource(strings = {"5.0.0", "5.11.0"})
    void anOldJnaWillDo(String version) {
        Result result = childWith(jar(version)).run();

        assertThat(result.output()).contains("all works");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void aJnaThatIsTooOldIsNamedWithTheRemedy() {
        assertThat(childWith(jar("3.3.0")).run().output())
                .contains("UnsupportedPlatformException: JNA 3.3.0 is too old, 5.0.0 or newer is needed")
                .contains(jar("3.3.0").toUri().getPath())
                .contains("mvn dependency:tree")
                .contains("dependency management")
                .doesNotContain("noexec");
    }

    @Test
    void aJnaThatIsMissingIsSaidToBe() {
        assertThat(childOn(ChildJvm.testClassPathWithout(OtherJnaTest::isJna))
                        .run()
                        .output())
                .contains("UnsupportedPlatformException: JNA is not there: add net.java.dev.jna:jna")
                .contains("--add-modules com.sun.jna")
                .doesNotContain("noexec");
    }

    @Test
    void aNativeLibraryOfAnotherJnaIsSaidToBe(@TempDir Path directory) throws Exception {
        try (FileSystem old = FileSystems.newFileSystem(jar("5.0.0"))) {
            String name = "libjnidispatch.so";
            Files.copy(old.getPath("com/sun/jna/linux-x86-64", name), directory.resolve(name));
        }

        assertThat(childOn(ChildJvm.testClassPath())
                        .options("-Djna.boot.library.path=" + directory)
                        .run()
                        .output())
                .contains("UnsupportedPlatformException: JNA ")
                .contains("cannot load its native library: There is an incompatible JNA native library");
    }

    private static ChildJvm childWith(Path jar) {
        return childOn(ChildJvm.testClassPathWithout(OtherJnaTest::isJna) + File.pathSeparator + jar);
    }

    private static ChildJvm childOn(String classPath) {
        return ChildJvm.onClassPath(classPath, Child.class).quickStart().withNativeAccess();
    }

    private static boolean isJna(String fileName) {
        return fileName.startsWith("jna-");
    }

    private static Path jar(String version) {
        return JARS.resolve("jna-" + version + ".jar");
    }

    /** The child. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) {
            SecureMemoryOptions options =
                    SecureMemoryOptions.builder().nativeAccess(NativeAccess.JNA).build();
            try (SecureMemory session = SecureMemory.create(options)) {
                for (Storage storage : Storage.values()) {
                    Secret key = session.secrets(storage).create(new byte[] {1, 2, 3});
                    assertThat(new HmacSha256(key).sign(new byte[1])).hasSize(32);
                    assertThat(key.<Byte, RuntimeException>withBytes(
                                    view -> view.asByteBuffer().get(2)))
                            .isEqualTo((byte) 3);
                }
                assertThat(session.protection().toString()).doesNotContain("FAILED");
            }
            LibC libC = new JnaLibC();
            assertThat(libC.munmap(1, 1)).isEqualTo(-1);
            assertThat(libC.errno()).isEqualTo(22);
            System.out.println("all works");
        }
    }
}
