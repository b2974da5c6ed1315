package io.securememory.jca.engine;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.jca.engine.TestKeys.TestKey;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/** What the contracts of engines share: an engine, and a session for its keys. */
interface EngineContract {

    PrivateKeyEngine engine();

    SecureMemory session();

    /** Signs with a key. */
    default byte[] sign(TestKey key, SignatureScheme scheme, byte[] input) throws GeneralSecurityException {
        return sign(key.shape(), key.numbers(), scheme, input);
    }

    default byte[] sign(KeyShape shape, byte[] numbers, SignatureScheme scheme, byte[] input)
            throws GeneralSecurityException {
        try (Secret secret = session().secrets().create(numbers.clone())) {
            return secret.<byte[], GeneralSecurityException>withBytes(
                    view -> engine().sign(view, shape, scheme, input));
        }
    }

    default byte[] publicKey(KeyShape shape, byte[] numbers) throws GeneralSecurityException {
        try (Secret secret = session().secrets().create(numbers.clone())) {
            return secret.<byte[], GeneralSecurityException>withBytes(view -> engine().publicKey(view, shape));
        }
    }

    default byte[] decrypt(TestKey key, RsaPadding padding, byte[] input) throws GeneralSecurityException {
        try (Secret secret = key.secret(session().secrets())) {
            return secret.<byte[], GeneralSecurityException>withBytes(
                    view -> engine().decrypt(view, key.rsa(), padding, input));
        }
    }

    /** Returns a copy of the shared secret, which tests may have on the heap. */
    default byte[] agree(KeyShape shape, byte[] numbers, byte[] peer) throws GeneralSecurityException {
        try (Secret secret = session().secrets().create(numbers.clone())) {
            return secret.<byte[], GeneralSecurityException>withBytes(
                    view -> engine().agree(view, shape, peer, (memory, at, length) -> {
                        byte[] copy = new byte[length];
                        memory.get(at, copy);
                        return copy;
                    }));
        }
    }

    default byte[] digest(Digest digest, byte[] message) throws GeneralSecurityException {
        return MessageDigest.getInstance(digest.standardName()).digest(message);
    }
}
