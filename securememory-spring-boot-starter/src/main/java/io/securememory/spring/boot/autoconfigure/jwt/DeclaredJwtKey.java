package io.securememory.spring.boot.autoconfigure.jwt;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.jca.CryptoEngine;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.JwtAlgorithm;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.jwt.JwtKeyException;
import io.securememory.spring.boot.jwt.ProtectedJwt;
import io.securememory.spring.boot.properties.SecureMemoryJwtProperties;
import java.util.Objects;
import java.util.function.Supplier;

/** Makes what signs and verifies with the declared secret that the properties name. */
final class DeclaredJwtKey {

    private DeclaredJwtKey() {}

    /**
     * Loads the key, and follows its rotations.
     *
     * @throws DeclaredSecretException if there is no such secret, or if it is no key of the algorithm
     */
    static ProtectedJwt load(
            SecureMemoryJwtProperties properties,
            SecretStore secrets,
            SecureMemory session,
            Supplier<CryptoEngine> engine) {
        String name = Objects.requireNonNull(properties.secret());
        JwtAlgorithm algorithm = Objects.requireNonNull(properties.algorithm());
        Secret secret = secrets.find(name).orElseThrow(() -> noSecret(secrets));
        try {
            ProtectedJwt jwt = ProtectedJwt.of(session, secret, algorithm)
                    .title("secret '" + name + "' (" + SecureMemoryJwtProperties.SECRET + ")")
                    .keyId(properties.keyId())
                    .previousKeyGrace(properties.previousKeyGrace())
                    .engine(engine)
                    .build();
            secrets.addListener(rotated -> {
                if (rotated.equals(name)) {
                    jwt.refresh();
                }
            });
            return jwt;
        } catch (JwtKeyException e) {
            throw new DeclaredSecretException(Reason.MALFORMED, String.valueOf(e.getMessage()), e.remedy(), e);
        }
    }

    /** The value of the property is not shown unless it is the name of a secret, because it may be the key itself. */
    private static DeclaredSecretException noSecret(SecretStore secrets) {
        return new DeclaredSecretException(
                Reason.DECLARATION,
                "The property " + SecureMemoryJwtProperties.SECRET
                        + " does not name a secret that is loaded. Its value is not shown, because it may be the key"
                        + " itself.",
                "Declare the key as a secret, by securememory.secrets.<name>.location, and set "
                        + SecureMemoryJwtProperties.SECRET
                        + " to its name. It must be there at the start, even if it is optional. Loaded secrets: "
                        + secrets.names(),
                null);
    }
}
