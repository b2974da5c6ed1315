package io.securememory.spring.boot.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** How a file gets new content. */
public enum Way {
    RENAMED {
        @Override
        public void write(Path file, String text) throws IOException {
            Files.move(temporary(file, text), file, StandardCopyOption.ATOMIC_MOVE);
        }
    },
    IN_PLACE {
        @Override
        public void write(Path file, String text) throws IOException {
            Files.writeString(file, text);
        }
    },
    DELETED_BEFORE {
        @Override
        public void write(Path file, String text) throws IOException {
            Files.deleteIfExists(file);
            Starter.write(file.getParent(), file.getFileName().toString(), text);
        }
    },
    LINKED {
        /** The directory of the content is another one each time, as with a volume of Kubernetes. */
        @Override
        public void write(Path file, String text) throws IOException {
            Path content = Files.createTempDirectory(file.getParent(), "..");
            Starter.write(content, file.getFileName().toString(), text);
            Path link = Files.createTempDirectory(file.getParent(), "link").resolve("link");
            Files.createSymbolicLink(link, content.resolve(file.getFileName()));
            Files.move(link, file, StandardCopyOption.ATOMIC_MOVE);
        }
    };

    public abstract void write(Path file, String text) throws IOException;

    public static Path temporary(Path file, String text) throws IOException {
        Path other = Files.createTempFile(file.getParent(), "next", "");
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-------"));
        return Files.writeString(other, text);
    }
}
