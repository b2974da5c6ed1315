package io.securememory.jca.engine;

import io.securememory.SecretView;
import io.securememory.libcrypto.KeyLibrary;
import java.security.InvalidKeyException;
import javax.crypto.AEADBadTagException;

/**
 * Computes with keys of symmetric algorithms by libcrypto.
 *
 * <p>A key is copied into a window of its session, which is locked memory, and from there into libcrypto's memory for
 * the time of one operation. libcrypto wipes it when it frees it. That memory is neither locked nor kept out of core
 * dumps meanwhile.
 */
public final class LibcryptoSecretKeyEngine implements SecretKeyEngine {

    private final LibcryptoAead aead;
    private final LibcryptoHmac hmac;
    private final LibcryptoDerivation derivation;
    private final LibcryptoWrapping wrapping;

    /** @param library the library that computes */
    public LibcryptoSecretKeyEngine(KeyLibrary library) {
        this.aead = new LibcryptoAead(library);
        this.hmac = new LibcryptoHmac(library);
        this.derivation = new LibcryptoDerivation(library);
        this.wrapping = new LibcryptoWrapping(library);
    }

    @Override
    public byte[] encrypt(AeadCipher cipher, SecretView key, AeadMessage message) {
        byte[] output = message.newOutput(true);
        aead.run(cipher, key, message, true, output);
        return output;
    }

    @Override
    public byte[] decrypt(AeadCipher cipher, SecretView key, AeadMessage message) throws AEADBadTagException {
        byte[] output = message.newOutput(false);
        if (!aead.run(cipher, key, message, false, output)) {
            throw new AEADBadTagException("The tag is wrong: text, nonce, associated data or key are not the same.");
        }
        return output;
    }

    @Override
    public byte[] hmac(Digest digest, SecretView key, byte[] message, int length) {
        return hmac.compute(digest, key, message, length);
    }

    @Override
    public <T> T hkdf(Hkdf parameters, SecretView key, SecretResult<T> result) {
        return derivation.hkdf(parameters, key, result);
    }

    @Override
    public <T> T pbkdf2(Pbkdf2 parameters, SecretView password, SecretResult<T> result) {
        return derivation.pbkdf2(parameters, password, result);
    }

    @Override
    public byte[] wrap(SecretView wrappingKey, SecretView key) throws InvalidKeyException {
        return wrapping.wrap(wrappingKey, key);
    }

    @Override
    public <T> T unwrap(SecretView wrappingKey, byte[] wrapped, SecretResult<T> result) throws InvalidKeyException {
        return wrapping.unwrap(wrappingKey, wrapped, result);
    }
}
