package io.securememory.jca.spi;

import io.securememory.jca.engine.Digest;
import java.nio.ByteBuffer;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.MacSpi;
import org.jspecify.annotations.Nullable;

/**
 * Computes HMAC with keys in protected memory. The message is kept on the heap until it is complete: the state of a half
 * computed HMAC signs as well as the key. Cannot be cloned.
 */
final class ProtectedMac extends MacSpi {

    private final Digest digest;
    private final Gathered message = new Gathered();
    private @Nullable ProtectedSecretKey key;

    ProtectedMac(Digest digest) {
        this.digest = digest;
    }

    @Override
    protected int engineGetMacLength() {
        return digest.size();
    }

    @Override
    protected void engineInit(Key newKey, @Nullable AlgorithmParameterSpec parameters)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        if (parameters != null) {
            throw new InvalidAlgorithmParameterException("HMAC takes no parameters.");
        }
        key = ProtectedSecretKey.require(newKey);
        message.clear();
    }

    @Override
    protected void engineUpdate(byte input) {
        message.add(new byte[] {input}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        message.add(input, offset, length);
    }

    @Override
    protected void engineUpdate(ByteBuffer input) {
        message.add(input);
    }

    @Override
    protected byte[] engineDoFinal() {
        ProtectedSecretKey present = key;
        if (present == null) {
            throw new IllegalStateException("there is no key: call init first");
        }
        try {
            return present.<byte[], RuntimeException>use(
                    (engine, bytes) -> engine.hmac(digest, bytes, message.array(), message.size()));
        } finally {
            message.clear();
        }
    }

    @Override
    protected void engineReset() {
        message.clear();
    }
}
