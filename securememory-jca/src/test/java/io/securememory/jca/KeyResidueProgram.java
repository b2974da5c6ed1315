package io.securememory.jca;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.jca.engine.Curve;
import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.RawKey;
import io.securememory.jca.spi.FixedContent;
import io.securememory.jca.spi.ProtectedPrivateKey;
import io.securememory.testing.Workers;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Security;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/**
 * Signs many times on several threads, of which some end and some stay at rest, so that its memory can be searched. The
 * stacks of ended threads are kept for new ones.
 *
 * <p>Arguments: {@code jdk} with a file in PKCS#8, or {@code libcrypto} or {@code bouncycastle} with a file of numbers;
 * the algorithm of the key; that of the signatures; how many; the file; and for RSA the modulus.
 */
final class KeyResidueProgram {

    private static final int THREADS = 3;
    private static final BigInteger EXPONENT = BigInteger.valueOf(65537);

    private KeyResidueProgram() {}

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[4]);
        try (SecureMemory session = SecureMemory.create()) {
            Security.addProvider(new SecureMemoryProvider(session));
            PrivateKey key = args[0].equals("jdk")
                    ? KeyFactory.getInstance(args[1]).generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(file)))
                    : protectedKey(session, args, file);
            CountDownLatch signed = new CountDownLatch(THREADS);
            CountDownLatch end = new CountDownLatch(1);
            try (Workers workers = new Workers()) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    all.add(workers.submit(() -> {
                        signOrEnd(key, args[2], Integer.parseInt(args[3]) / THREADS + 1);
                        signed.countDown();
                        end.await();
                        return null;
                    }));
                }
                signed.await();
                for (int i = 0; i < THREADS; i++) {
                    Thread ending = new Thread(() -> signOrEnd(key, args[2], Integer.parseInt(args[3]) / THREADS + 1));
                    ending.start();
                    ending.join();
                }
                System.out.println("STATE OPEN");
                System.in.read();
                if (!args[0].equals("jdk")) {
                    key.destroy();
                }
                System.out.println("STATE CLOSED");
                System.in.read();
                end.countDown();
                for (Future<?> one : all) {
                    one.get();
                }
            }
        }
    }

    private static PrivateKey protectedKey(SecureMemory session, String[] args, Path file) {
        CryptoEngine engine = CryptoEngine.choose(
                args[0].equals("libcrypto") ? CryptoEngine.Choice.LIBCRYPTO : CryptoEngine.Choice.BOUNCYCASTLE, null);
        Secret numbers = session.secrets(Storage.SEALED).read(file);
        KeyShape shape = switch (args[1]) {
            case "RSA" -> new KeyShape.Rsa(new BigInteger(args[5], 16), EXPONENT, false, null);
            case "EC" -> new KeyShape.Ec(Curve.P_256);
            default -> new KeyShape.Raw(RawKey.ED25519);
        };
        return ProtectedPrivateKey.of(
                new FixedContent(shape, numbers), engine.engines().privateKeys());
    }

    private static void signOrEnd(PrivateKey key, String algorithm, int times) {
        try {
            sign(key, algorithm, times);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void sign(PrivateKey key, String algorithm, int times) throws Exception {
        byte[] message = new byte[200];
        List<byte[]> garbage = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(message);
            garbage.add(signature.sign());
            garbage.add(new byte[10_000]);
            if (garbage.size() > 1000) {
                garbage.clear();
            }
        }
    }
}
