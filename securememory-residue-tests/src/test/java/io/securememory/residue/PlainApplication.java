package io.securememory.residue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.Storage;
import io.securememory.jca.AesGcm;
import io.securememory.jca.KeyDerivation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Uses secrets without Spring. */
final class PlainApplication {

    private static final int TIMES = 50;
    private static final int LARGE = 300_000;

    private PlainApplication() {}

    static Kept begin(Given given) {
        Secret key = given.secret("key" + Material.SECRET);
        Secret password = given.secret("password" + Material.SECRET);
        HmacSha256 hmac = new HmacSha256(key);
        for (int i = 0; i < TIMES; i++) {
            byte[] message = Integer.toString(i).getBytes(UTF_8);
            require(hmac.verify(message, hmac.sign(message)));
        }
        try (Secret copy = password.copy();
                Secret sealed =
                        given.session().secrets(Storage.SEALED).read(given.file("password" + Material.SECRET))) {
            require(copy.contentEquals(password) && sealed.contentEquals(copy));
            require(!key.contentEquals(password));
            int sum = password.withBytes(
                    view -> IntStream.range(0, view.length()).map(view::get).sum());
            require(sum == password.withHeapChars(PlainApplication::sum));
        }
        return new Kept(hmac, key, password);
    }

    private static int sum(char[] characters) {
        int sum = 0;
        for (char character : characters) {
            sum += character;
        }
        return sum;
    }

    /** Encrypts a file and reads it again, with a key that is derived of another one. */
    static Kept stream(Given given) throws IOException {
        Secret key = derived(given);
        AesGcm cipher = new AesGcm(key);
        byte[] plain = new byte[LARGE];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) i;
        }
        Path file = given.file("encrypted");
        byte[] name = "encrypted".getBytes(UTF_8);
        try (OutputStream out = cipher.encryptTo(Files.newOutputStream(file), name)) {
            out.write(plain);
        }
        try (InputStream in = cipher.decryptFrom(Files.newInputStream(file), name)) {
            require(Arrays.equals(plain, in.readAllBytes()));
        }
        return Kept.of(cipher, key);
    }

    private static Secret derived(Given given) {
        try (Secret source = given.secret("key" + Material.SECRET)) {
            return KeyDerivation.hkdf(
                    "SHA-256",
                    source,
                    new byte[0],
                    "files".getBytes(UTF_8),
                    AesGcm.KEY_LENGTH,
                    given.session().secrets());
        }
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("a computation is wrong");
        }
    }
}
