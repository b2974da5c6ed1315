package io.securememory.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A fresh random key in printable characters, which only the test and the key's file know. */
record TestKey(String text) {

    /** Length of a part of the key that cannot be anywhere by chance. */
    static final int PART = 16;

    /** Length from which HMAC-SHA256 hashes its keys. Source: RFC 2104. */
    private static final int BLOCK = 64;

    static TestKey random() {
        return random(43);
    }

    /** Makes a key of 6 bits of randomness for each character. */
    static TestKey random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return new TestKey(Base64.getUrlEncoder().encodeToString(bytes).substring(0, length));
    }

    /** Writes the key and a line break, as most tools do, for the owner's eyes only. */
    Path writeTo(Path file) {
        try {
            Files.writeString(file, text + "\n");
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** All parts of {@link #PART} characters in a row. */
    Stream<String> parts() {
        return IntStream.rangeClosed(0, text.length() - PART).mapToObj(start -> text.substring(start, start + PART));
    }

    /** Tells whether HMAC uses a hash in the place of the key, which is then as good as the key. */
    boolean isHashed() {
        return text.length() > BLOCK;
    }

    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs with the JDK's own code. */
    String sign(byte[] payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes(), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(payload));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "TestKey[" + text.length() + " characters]";
    }
}
