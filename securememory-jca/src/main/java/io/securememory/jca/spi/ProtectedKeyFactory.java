package io.securememory.jca.spi;

import io.securememory.jca.HkdfKeySpec;
import io.securememory.jca.KeyDerivation;
import io.securememory.jca.SecretPasswordKeySpec;
import io.securememory.jca.engine.Digest;
import java.security.InvalidKeyException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactorySpi;
import org.jspecify.annotations.Nullable;

/** Derives keys in protected memory from secrets. */
final class ProtectedKeyFactory extends SecretKeyFactorySpi {

    private final Digest digest;
    private final boolean fromPasswords;

    ProtectedKeyFactory(Digest digest, boolean fromPasswords) {
        this.digest = digest;
        this.fromPasswords = fromPasswords;
    }

    @Override
    protected SecretKey engineGenerateSecret(@Nullable KeySpec spec) throws InvalidKeySpecException {
        try {
            if (fromPasswords && spec instanceof SecretPasswordKeySpec password) {
                return KeyDerivation.key(digest.standardName(), password);
            }
            if (!fromPasswords && spec instanceof HkdfKeySpec hkdf) {
                return KeyDerivation.key(digest.standardName(), hkdf);
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidKeySpecException("No key can be derived: " + e.getMessage(), e);
        }
        throw new InvalidKeySpecException(
                "A " + (fromPasswords ? "SecretPasswordKeySpec" : "HkdfKeySpec") + " is needed.");
    }

    @Override
    protected KeySpec engineGetKeySpec(@Nullable SecretKey key, @Nullable Class<?> spec)
            throws InvalidKeySpecException {
        throw new InvalidKeySpecException("A key in protected memory has no specification that shows it.");
    }

    @Override
    protected SecretKey engineTranslateKey(@Nullable SecretKey key) throws InvalidKeyException {
        return ProtectedSecretKey.require(key);
    }
}
