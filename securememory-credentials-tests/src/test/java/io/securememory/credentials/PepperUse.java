package io.securememory.credentials;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.credentials.PepperedPasswordEncoder;
import java.nio.file.Path;
import java.util.List;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** A login. */
final class PepperUse {

    private static final int STRENGTH = 4;

    private PepperUse() {}

    static Object of(Path file, String ignored) {
        SecureMemory session = SecureMemory.create();
        Secret pepper = session.secrets().read(file);
        PasswordEncoder encoder = new PepperedPasswordEncoder(new BCryptPasswordEncoder(STRENGTH), pepper);
        String hash = encoder.encode("password");
        if (!encoder.matches("password", hash)) {
            throw new IllegalStateException("it does not match");
        }
        return List.of(session, pepper, encoder);
    }
}
