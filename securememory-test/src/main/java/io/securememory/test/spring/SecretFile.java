package io.securememory.test.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Map;

/**
 * A file with a made-up secret. The content is in native memory until it is written, and then wiped, so that a search
 * for residue finds none that was left here.
 *
 * @param name the secret's name
 * @param path the file, which only its owner can read, where files have modes
 */
record SecretFile(String name, Path path) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    static SecretFile of(String name, String text) {
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        ByteBuffer content =
                ByteBuffer.allocateDirect((int) Math.ceil(text.length() * (double) encoder.maxBytesPerChar()));
        if (encoder.encode(CharBuffer.wrap(text), content, true).isError()) {
            wipe(content);
            throw new IllegalArgumentException(
                    "the secret '" + name + "' is not a text: half of a character is missing");
        }
        return written(name, content.flip());
    }

    static SecretFile of(String name, byte[] bytes) {
        return written(name, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
    }

    static SecretFile random(String name, int length) {
        if (length < 1) {
            throw new IllegalArgumentException(
                    "the secret '" + name + "' has the length " + length + ", expected 1 or more");
        }
        ByteBuffer content = ByteBuffer.allocateDirect(length);
        while (content.hasRemaining()) {
            content.put((byte) CHARACTERS.charAt(RANDOM.nextInt(CHARACTERS.length())));
        }
        return written(name, content.flip());
    }

    private static SecretFile written(String name, ByteBuffer content) {
        try {
            if (!content.hasRemaining()) {
                throw new IllegalArgumentException("the secret '" + name + "' is empty, expected one byte or more");
            }
            Path file = Files.createTempFile("test-secret", "");
            file.toFile().deleteOnExit();
            try (WritableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                while (content.hasRemaining()) {
                    channel.write(content);
                }
            }
            return new SecretFile(name, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            wipe(content);
        }
    }

    private static void wipe(ByteBuffer content) {
        content.clear();
        while (content.hasRemaining()) {
            content.put((byte) 0);
        }
    }

    /** Returns the properties that declare the secret, also in the place of how the application declares it. */
    Map<String, Object> properties() {
        String property = "securememory.secrets[" + name + "]";
        return Map.of(
                property + ".location",
                "file:" + path,
                property + ".trim",
                false,
                property + ".encoding",
                "raw",
                property + ".generate",
                "");
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
