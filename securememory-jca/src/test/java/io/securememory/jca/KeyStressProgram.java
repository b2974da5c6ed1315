package io.securememory.jca;

import io.securememory.CloseTimeoutException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.Storage;
import io.securememory.jca.spi.RotatedSecret;
import io.securememory.testing.Seed;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Threads sign with keys that other threads rotate, destroy, close and purge, for some seconds (the argument). Each
 * signature is right, or there is a typed exception. Ends with 0, and says how often each happened.
 */
final class KeyStressProgram {

    private static final int SLOTS = 4;
    private static final int SIGNERS = 5;
    private static final int DEEP = 40;
    private static final Map<String, String> SIGNATURES = Map.of(
            "RSA", "SHA256withRSA",
            "EC", "SHA256withECDSA",
            "Ed25519", "Ed25519");

    /** A rotating secret, the public keys that it had and has, and a key object that follows it. */
    private record Slot(String algorithm, RotatedSecret secret, List<PublicKey> expected, PrivateKey key) {}

    private final AtomicReferenceArray<@Nullable Slot> slots = new AtomicReferenceArray<>(SLOTS);
    private final AtomicReference<SecureMemory> session = new AtomicReference<>(open());
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicLong attempts = new AtomicLong();
    private final AtomicLong right = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong rotations = new AtomicLong();
    private final AtomicLong purges = new AtomicLong();
    private final CryptoEngine engine = CryptoEngine.auto();
    private final Map<String, KeyPair> pairs;
    private final long end;

    private KeyStressProgram(Duration length) throws GeneralSecurityException {
        this.end = System.nanoTime() + length.toNanos();
        this.pairs = Map.of(
                "RSA",
                pair("RSA"),
                "RSA2",
                pair("RSA"),
                "EC",
                pair("EC"),
                "EC2",
                pair("EC"),
                "Ed25519",
                pair("Ed25519"),
                "Ed255192",
                pair("Ed25519"));
    }

    private static SecureMemory open() {
        return SecureMemory.create(SecureMemoryOptions.builder()
                .closeTimeout(Duration.ofMillis(50))
                .build());
    }

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("RSA")) {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    public static void main(String[] args) throws Exception {
        Security.addProvider(new SecureMemoryProvider(SecureMemory.create()));
        KeyStressProgram program = new KeyStressProgram(Duration.ofSeconds(Integer.parseInt(args[0])));
        long seed = Seed.of("keys under stress");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SIGNERS; i++) {
            threads.add(program.thread(seed + i, program::sign));
        }
        threads.add(program.thread(seed + SIGNERS, program::rotate));
        threads.add(program.thread(seed + SIGNERS + 1, program::end));
        threads.add(program.thread(seed + SIGNERS + 2, program::purge));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable failed = program.failure.get();
        if (failed != null) {
            failed.printStackTrace();
            System.exit(1);
        }
        System.out.println("right " + program.right + ", refused " + program.refused + ", rotations "
                + program.rotations + ", purges " + program.purges);
        System.exit(program.right.get() > 0 && program.refused.get() > 0 ? 0 : 2);
    }

    private interface Step {
        void run(Random random) throws Exception;
    }

    private Thread thread(long seed, Step step) {
        return new Thread(() -> {
            Random random = new Random(seed);
            try {
                while (System.nanoTime() < end && failure.get() == null) {
                    step.run(random);
                }
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        });
    }

    /** Lets the other threads try to sign so many times; no longer than the program lasts. */
    private void awaitAttempts(int count) {
        long until = attempts.get() + count;
        while (attempts.get() < until && System.nanoTime() < end && failure.get() == null) {
            Thread.yield();
        }
    }

    private void sign(Random random) throws Exception {
        attempts.incrementAndGet();
        Slot slot = slots.get(random.nextInt(SLOTS));
        if (slot == null) {
            Thread.onSpinWait();
            return;
        }
        byte[] message = new byte[random.nextInt(100)];
        try {
            byte[] signature = random.nextInt(DEEP) == 0 ? signDeep(slot, message, 0) : signature(slot, message);
            for (PublicKey expected : slot.expected()) {
                Signature verifier = Signature.getInstance(SIGNATURES.get(slot.algorithm()));
                verifier.initVerify(expected);
                verifier.update(message);
                if (verifier.verify(signature)) {
                    right.incrementAndGet();
                    return;
                }
            }
            throw new AssertionError("a wrong signature of " + slot.algorithm());
        } catch (InvalidKeyException | SignatureException e) {
            if (!(e.getCause() instanceof SecretClosedException) && e.getCause() != null) {
                throw e;
            }
            refused.incrementAndGet();
        }
    }

    private static byte[] signature(Slot slot, byte[] message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(SIGNATURES.get(slot.algorithm()));
        signature.initSign(slot.key());
        signature.update(message);
        return signature.sign();
    }

    /** Signs where the stack ends, until there is enough of it. */
    private static byte[] signDeep(Slot slot, byte[] message, int depth) throws GeneralSecurityException {
        byte @Nullable [] signed = null;
        try {
            signed = signDeep(slot, message, depth + 1);
        } catch (StackOverflowError e) {
            // A frame higher there is more.
        } catch (GeneralSecurityException e) {
            if (!isOfStackOverflow(e)) {
                throw e;
            }
        }
        return signed != null ? signed : signature(slot, message);
    }

    /** Where the stack ends while the JDK makes a digest, it says that there is no such digest. */
    private static boolean isOfStackOverflow(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StackOverflowError) {
                return true;
            }
        }
        return false;
    }

    private void rotate(Random random) {
        Slot slot = slots.get(random.nextInt(SLOTS));
        if (slot != null) {
            try {
                KeyPair next = pairs.get(slot.algorithm() + (random.nextBoolean() ? "2" : ""));
                slot.secret()
                        .rotate(session.get()
                                .secrets(Storage.values()[random.nextInt(2)])
                                .create(next.getPrivate().getEncoded()));
                rotations.incrementAndGet();
            } catch (SecretClosedException | IllegalStateException | CloseTimeoutException e) {
                Thread.onSpinWait(); // The session was closed, or the last reader wipes the old version.
            }
        }
    }

    /** Ends keys in all ways, and makes new ones. */
    private void end(Random random) throws Exception {
        int index = random.nextInt(SLOTS);
        Slot old = slots.getAndSet(index, null);
        if (old != null) {
            try {
                if (random.nextBoolean()) {
                    old.key().destroy();
                }
                old.secret().close();
            } catch (CloseTimeoutException e) {
                Thread.onSpinWait(); // The last reader wipes it.
            }
        }
        String algorithm = List.of("RSA", "EC", "Ed25519").get(random.nextInt(3));
        try {
            Secret text = session.get()
                    .secrets(Storage.values()[random.nextInt(2)])
                    .create(pairs.get(algorithm).getPrivate().getEncoded());
            RotatedSecret secret = new RotatedSecret(text);
            List<PublicKey> expected = List.of(
                    pairs.get(algorithm).getPublic(), pairs.get(algorithm + "2").getPublic());
            slots.set(index, new Slot(algorithm, secret, expected, ProtectedKeys.privateKey(secret, null, engine)));
        } catch (SecretClosedException | IllegalStateException e) {
            Thread.onSpinWait();
        }
        awaitAttempts(random.nextInt(20));
    }

    private void purge(Random random) {
        SecureMemory present = session.get();
        if (random.nextInt(4) == 0) {
            session.set(open());
            present.close();
        } else {
            present.purge(Duration.ofMillis(random.nextInt(3)));
        }
        purges.incrementAndGet();
        awaitAttempts(100 + random.nextInt(200));
    }
}
