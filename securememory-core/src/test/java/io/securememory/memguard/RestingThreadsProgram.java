package io.securememory.memguard;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.testing.Effort;
import io.securememory.testing.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * Uses secrets in many threads, each for so long that it stops at another point of the compilation, and looks for the
 * secrets and the session's keys on their stacks, which stay as they are.
 *
 * <p>Secrets repeat what is looked for, so that any two words that lie side by side in the order of the secret are found.
 */
final class RestingThreadsProgram {

    private static final int THREADS = 360;
    private static final int AT_A_TIME = 3;
    private static final long LONGEST_NANOS = 40_000_000;

    /** As long as keys are, and for each way that is chosen by length. */
    private static final int[] SIZES =
            Effort.isThorough() ? new int[] {16, 48, 608, 2_000, 9_008, 4 << 20} : new int[] {48, 608, 2_000, 9_008};

    private final Needle needle = Needle.random("secret");
    private final SecureMemory session = SecureMemory.create();
    private final Map<String, Runnable> uses = new LinkedHashMap<>();

    private RestingThreadsProgram() {
        for (int size : SIZES) {
            add(size);
        }
    }

    /** Arguments: what to do, all if there are none. */
    public static void main(String[] only) throws Exception {
        ResidueProgram.endIfAThreadFails();
        Random random = Seed.random("resting threads");
        RestingThreadsProgram program = new RestingThreadsProgram();
        if (only.length > 0) {
            program.uses.keySet().retainAll(List.of(only));
        }
        System.gc();
        List<Needle> needles = inEveryForm(program.needle);
        needles.addAll(SessionKeys.of(program.session, "key"));
        needles.addAll(SessionKeys.of(program.session.memGuard(), "enclave-key"));
        program.useInThreadsThatStay(random);
        program.session.close();
        ResidueScanner scanner = new ResidueScanner(needles);
        List<ResidueScanner.Hit> hits = scanner.ownMemory();
        hits.forEach(System.out::println);
        System.out.println(hits.size() + " hits in " + scanner.scanned() / 1_000_000 + " MB");
    }

    private void add(int size) {
        Secret guarded = session.secrets(Storage.PROTECTED).create(filled(size));
        Secret sealed = session.secrets(Storage.SEALED).create(filled(size));
        ByteBuffer source = filled(size);
        Enclave enclave = session.memGuard().seal(size, view -> view.copyFrom(0, source));
        MemGuard.wipe(source.clear());
        HmacSha256 signer = new HmacSha256(guarded);
        byte[] other = new byte[size];
        uses.put("sign-" + size, () -> signer.sign(other));
        uses.put("read-" + size, () -> read(guarded));
        uses.put("read-sealed-" + size, () -> read(sealed));
        uses.put("compare-" + size, () -> compare(guarded, other));
        uses.put("compare-sealed-" + size, () -> compare(sealed, other));
        uses.put("copy-" + size, () -> guarded.copy().close());
        uses.put("copy-sealed-" + size, () -> sealed.copy().close());
        uses.put("open-" + size, () -> enclave.open().seal().close());
        uses.put("stream-" + size, () -> stream(sealed, size));
        byte[] array = new byte[size];
        uses.put("stream-array-" + size, () -> streamArray(array));
    }

    /** A secret, which a factory wipes. */
    private ByteBuffer filled(int size) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(size);
        for (int i = 0; i < size; i++) {
            bytes.put(i, needle.byteAt(i % Needle.SIZE));
        }
        return bytes;
    }

    private void read(Secret secret) {
        require(secret.<Boolean, RuntimeException>withBytes(needle::isAtTheStartOf));
    }

    private static void compare(Secret secret, byte[] other) {
        require(!secret.<Boolean, RuntimeException>withBytes(view -> view.contentEquals(other)));
    }

    private void stream(Secret secret, int part) {
        try (EnclaveStream stream = session.memGuard().newStream(part)) {
            secret.withBytes(view -> {
                stream.write(view.asByteBuffer());
                return null;
            });
            try (LockedBuffer next = stream.flush()) {
                require(next.<Boolean, RuntimeException>withBytes(needle::isAtTheStartOf));
            }
        }
    }

    /** For one thread at a time. The array was there before the last collection, so that no later one copies it. */
    private void streamArray(byte[] array) {
        synchronized (array) {
            try (EnclaveStream stream = session.memGuard().newStream(array.length)) {
                for (int i = 0; i < array.length; i++) {
                    array[i] = needle.byteAt(i % Needle.SIZE);
                }
                stream.write(array);
                require(stream.read(array, 0, array.length) == array.length);
                require(array[0] == needle.byteAt(0));
            } finally {
                MemGuard.wipe(array);
            }
        }
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new AssertionError("wrong bytes");
        }
    }

    private void useInThreadsThatStay(Random random) throws InterruptedException {
        List<Runnable> all = List.copyOf(uses.values());
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(THREADS);
        Semaphore turns = new Semaphore(AT_A_TIME);
        for (int i = 0; i < THREADS; i++) {
            Runnable use = all.get(i % all.size());
            long nanos = random.nextLong(LONGEST_NANOS);
            turns.acquire();
            Thread thread = new Thread(() -> {
                long begin = System.nanoTime();
                do {
                    use.run();
                } while (System.nanoTime() - begin < nanos);
                turns.release();
                done.countDown();
                ResidueProgram.awaitQuietly(never);
            });
            thread.setDaemon(true);
            thread.start();
        }
        done.await();
    }

    private static List<Needle> inEveryForm(Needle needle) {
        List<Needle> needles = new ArrayList<>(List.of(needle, needle.under(0, true)));
        for (int mask : new int[] {0x36, 0x5c}) {
            needles.add(needle.under(mask, false));
            needles.add(needle.under(mask, true));
        }
        return needles;
    }
}
