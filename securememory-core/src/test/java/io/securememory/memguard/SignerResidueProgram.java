package io.securememory.memguard;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * Signs in many threads, each so often that it stops at another point of the compilation, and looks for the key on their
 * stacks, which stay as they are.
 */
final class SignerResidueProgram {

    private static final int THREADS = 60;
    private static final int AT_A_TIME = 2;
    private static final int MOST = 1_500;
    private static final int KEY_SIZE = 48;

    private SignerResidueProgram() {}

    public static void main(String[] arguments) throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Needle key = Needle.random("key");
        try (SecureMemory session = SecureMemory.create();
                Secret secret = session.secrets().create(filledWith(key))) {
            signInThreadsThatStay(new HmacSha256(secret), new Random(seed));
        }
        ResidueScanner scanner = new ResidueScanner(inEveryForm(key));
        List<ResidueScanner.Hit> hits = scanner.ownMemory();
        hits.forEach(System.out::println);
        System.out.println(hits.size() + " hits in " + scanner.scanned() / 1_000_000 + " MB");
    }

    /** Wiped by who reads it. */
    private static ByteBuffer filledWith(Needle key) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(KEY_SIZE);
        for (int i = 0; i < KEY_SIZE; i++) {
            bytes.put(i, i < Needle.SIZE ? key.byteAt(i) : (byte) i);
        }
        return bytes;
    }

    private static List<Needle> inEveryForm(Needle key) {
        List<Needle> needles = new ArrayList<>(List.of(key, key.under(0, true)));
        for (int mask : new int[] {0x36, 0x5c}) {
            needles.add(key.under(mask, false));
            needles.add(key.under(mask, true));
        }
        return needles;
    }

    private static void signInThreadsThatStay(HmacSha256 signer, Random random) throws InterruptedException {
        byte[] message = new byte[100];
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(THREADS);
        Semaphore turns = new Semaphore(AT_A_TIME);
        for (int i = 0; i < THREADS; i++) {
            int times = 1 + random.nextInt(MOST);
            turns.acquire();
            Thread thread = new Thread(() -> {
                for (int k = 0; k < times; k++) {
                    signer.sign(message);
                }
                turns.release();
                done.countDown();
                ResidueProgram.awaitQuietly(never);
            });
            thread.setDaemon(true);
            thread.start();
        }
        done.await();
    }
}
