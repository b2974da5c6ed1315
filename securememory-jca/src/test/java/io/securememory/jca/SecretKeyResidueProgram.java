package io.securememory.jca;

import io.securememory.Secret;
import io.securememory.SecretView;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.jca.engine.AeadCipher;
import io.securememory.jca.engine.AeadMessage;
import io.securememory.jca.engine.Digest;
import io.securememory.jca.engine.Hkdf;
import io.securememory.jca.engine.Pbkdf2;
import io.securememory.jca.engine.SecretKeyEngine;
import io.securememory.testing.Workers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/**
 * Computes many times with a key on several threads, and then keeps all of them at rest, so that its memory can be
 * searched. Arguments: the engine, what to compute, how often, and the file of the key.
 */
final class SecretKeyResidueProgram {

    private static final int THREADS = 3;
    private static final int[] LENGTHS = {20, 256, 5_000, 20_000};
    private static final byte[] NOTHING = new byte[0];

    private SecretKeyResidueProgram() {}

    public static void main(String[] args) throws Exception {
        try (SecureMemory session = SecureMemory.create()) {
            Secret key = session.secrets(Storage.SEALED).read(Path.of(args[3]));
            Secret other = session.secrets(Storage.SEALED).createRandom(32);
            SecretKeyEngine engine = CryptoEngine.choose(
                            args[0].equals("libcrypto")
                                    ? CryptoEngine.Choice.LIBCRYPTO
                                    : CryptoEngine.Choice.BOUNCYCASTLE,
                            null)
                    .engines()
                    .secretKeys();
            CountDownLatch done = new CountDownLatch(THREADS);
            CountDownLatch end = new CountDownLatch(1);
            try (Workers workers = new Workers()) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    all.add(workers.submit(() -> {
                        compute(key, other, engine, args[1], Integer.parseInt(args[2]) / THREADS + 1);
                        done.countDown();
                        end.await();
                        return null;
                    }));
                }
                done.await();
                System.out.println("STATE OPEN");
                System.in.read();
                key.close();
                System.out.println("STATE CLOSED");
                System.in.read();
                end.countDown();
                for (Future<?> one : all) {
                    one.get();
                }
            }
        }
    }

    private static void compute(Secret key, Secret other, SecretKeyEngine engine, String work, int times)
            throws GeneralSecurityException {
        List<byte[]> garbage = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            byte[] message = new byte[LENGTHS[i % LENGTHS.length]];
            int number = i;
            garbage.add(key.<byte[], GeneralSecurityException>withBytes(
                    view -> compute(view, other, engine, work, message, number)));
            garbage.add(new byte[10_000]);
            if (garbage.size() > 1000) {
                garbage.clear();
            }
        }
    }

    private static byte[] compute(
            SecretView key, Secret other, SecretKeyEngine engine, String work, byte[] message, int number)
            throws GeneralSecurityException {
        return switch (work) {
            case "HMAC" -> engine.hmac(Digest.values()[2 + number % 3], key, message, message.length);
            case "HKDF" ->
                engine.hkdf(
                        new Hkdf(Digest.SHA_256, NOTHING, message.length > 1000 ? NOTHING : message, 32),
                        key,
                        (memory, at, length) -> message);
            case "PBKDF2" ->
                engine.pbkdf2(new Pbkdf2(Digest.SHA_256, message, 3, 32), key, (memory, at, length) -> message);
            case "WRAP" -> {
                byte[] wrapped = other.<byte[], GeneralSecurityException>withBytes(view -> engine.wrap(key, view));
                yield engine.unwrap(key, wrapped, (memory, at, length) -> message);
            }
            default -> {
                AeadCipher cipher = AeadCipher.valueOf(work);
                byte[] nonce = ByteBuffer.allocate(cipher.nonceSize())
                        .putInt(number)
                        .putLong(Thread.currentThread().getId())
                        .array();
                byte[] sealed =
                        engine.encrypt(cipher, key, new AeadMessage(nonce, NOTHING, message, 0, message.length));
                yield engine.decrypt(cipher, key, new AeadMessage(nonce, NOTHING, sealed, 0, sealed.length));
            }
        };
    }
}
