package io.securememory.memguard;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.Storage;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Uses secrets in every way while the collector is busy, then looks for what is left of them in this process.
 *
 * <p>Plaintext comes from native memory and is compared in native memory, so that each copy that is found is one that the
 * library made.
 */
final class ResidueProgram {

    private static final int LENGTH = 48;
    private static final int PART = 1_008;
    private static final int STREAMED = 2 * PART + 1;

    /** Long enough for all that computes in vectors. */
    private static final int LONG_PART = 9_008;

    private static final int LONG_STREAMED = 2 * LONG_PART + 1;
    private static final int LONG_STREAM_EVERY = 8;
    private static final int COLLECTION_EVERY = 50;

    /** For collections in the middle: one block, some, and all that computes in vectors. */
    private static final int[] LENGTHS = {16, 600, LONG_PART};

    private static final int STAYING = 6;
    private static final byte[] MESSAGE = new byte[100];

    private final Needle closedSecret = Needle.random("closed-secret");
    private final Needle sealedPlaintext = Needle.random("sealed-plaintext");
    private final List<Needle> needles = new ArrayList<>(List.of(closedSecret, sealedPlaintext));
    private final ByteBuffer source = ByteBuffer.allocateDirect(LENGTH);
    private final ByteBuffer streamed = ByteBuffer.allocateDirect(LONG_STREAMED);
    private final SecureMemory session;
    private final SecretFactory sealed;
    private final SecretFactory guarded;

    /** What the garbage is made for. */
    private static volatile Object garbage;

    private ResidueProgram() {
        for (int mask : new int[] {0, 0x36, 0x5c}) {
            needles.add(closedSecret.under(mask, true));
            if (mask != 0) {
                needles.add(closedSecret.under(mask, false));
            }
        }
        needles.addAll(closedSecret.spelled());
        session = SecureMemory.create(SecureMemoryOptions.builder()
                .enclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ofMillis(1)))
                .build());
        sealed = session.secrets(Storage.SEALED);
        guarded = session.secrets(Storage.PROTECTED);
    }

    /** Arguments: how often at least, directory for needles and dumps, and whether to leave copies as a control. */
    public static void main(String[] arguments) throws Exception {
        endIfAThreadFails();
        int count = Integer.parseInt(arguments[0]);
        Path directory = Path.of(arguments[1]);
        ResidueProgram program = new ResidueProgram();
        Secret alive = program.sealed.create(program.plaintext(program.sealedPlaintext));
        program.useInThreadsThatStay(count);
        Thread litter = litter();
        for (int i = 0; i < count || program.session.status().rekeysTotal() < count; i++) {
            program.useEverything(alive);
            if (i % LONG_STREAM_EVERY == 0) {
                program.stream(LONG_PART, LONG_STREAMED);
                TextFiles.read(program.needles, directory.resolve("text"), program.guarded, program.sealed);
            }
            if (i % COLLECTION_EVERY == 0) {
                program.collectInTheMiddle();
            }
            if (i == count / 2) {
                program.needles.addAll(SessionKeys.of(program.session, "old-key"));
                program.session.purge();
                alive = program.sealed.create(program.plaintext(program.sealedPlaintext));
            }
        }
        litter.interrupt();
        litter.join();
        program.purgeOften(count);
        alive = program.sealed.create(program.plaintext(program.sealedPlaintext));
        program.use(alive, program.sealedPlaintext);
        program.needles.addAll(SessionKeys.of(program.session, "key"));
        Object control = arguments.length > 2 ? program.copies() : null;
        program.report(directory);
        java.lang.ref.Reference.reachabilityFence(control);
        java.lang.ref.Reference.reachabilityFence(alive);
        System.out.println("done");
        if (Boolean.getBoolean("crash")) {
            crash();
        }
    }

    private static void crash() throws Exception {
        String pid = Long.toString(ProcessHandle.current().pid());
        new ProcessBuilder("kill", "-SEGV", pid).inheritIO().start().waitFor(30, TimeUnit.SECONDS);
        TimeUnit.SECONDS.sleep(30);
        System.out.println("survived its crash");
        Runtime.getRuntime().halt(3);
    }

    /** Fills the collector's generations, and makes it move what survives. */
    private static Thread litter() {
        Thread thread = new Thread(() -> {
            Object[] kept = new Object[2_000];
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                kept[i % kept.length] = new byte[10 + i % 3_000];
                garbage = kept[(i * 7) % kept.length];
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** The needle again and again: any two words of it that lie side by side are found. */
    private ByteBuffer plaintext(Needle needle) {
        for (int i = 0; i < LENGTH; i++) {
            source.put(i, needle.byteAt(i % Needle.SIZE));
        }
        return source.clear();
    }

    private void useEverything(Secret alive) {
        use(alive, sealedPlaintext);
        try (Secret secret = guarded.create(plaintext(closedSecret));
                Secret copy = secret.copy()) {
            use(secret, closedSecret);
            use(copy, closedSecret);
        }
        try (Secret secret = sealed.create(plaintext(closedSecret));
                Secret copy = secret.copy()) {
            use(copy, closedSecret);
        }
        ByteBuffer bytes = plaintext(closedSecret);
        try (Enclave enclave = session.memGuard().seal(LENGTH, view -> view.copyFrom(0, bytes))) {
            MemGuard.wipe(source.clear());
            try (LockedBuffer opened = enclave.open()) {
                require(opened.<Boolean, RuntimeException>withBytes(closedSecret::isAtTheStartOf));
                opened.seal().close();
            }
        }
        stream(PART, STREAMED);
    }

    /** What an access has in arrays of the heap a collection copies, and leaves the old copy behind. */
    private void collectInTheMiddle() {
        for (int length : LENGTHS) {
            try (Enclave enclave = session.memGuard().seal(length, view -> view.copyFrom(0, repeated(length)));
                    EnclaveStream stream = session.memGuard().newStream(length)) {
                stream.write(repeated(length));
                enclave.withBytes(view -> {
                    System.gc();
                    try (LockedBuffer part = stream.flush()) {
                        require(part.size() == length);
                    }
                    System.gc();
                    return null;
                });
            }
        }
        MemGuard.wipe(streamed.clear());
    }

    /**
     * Threads that do one thing, each more often than the one before, and nothing any more then: their stacks stay as they
     * are, whatever was compiled when they stopped.
     */
    private void useInThreadsThatStay(int count) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        try (Secret key = guarded.create(plaintext(closedSecret));
                Secret other = sealed.create(plaintext(closedSecret));
                Enclave enclave = session.memGuard().seal(LENGTH, view -> view.copyFrom(0, plaintext(closedSecret)));
                Enclave large = session.memGuard().seal(LONG_PART, view -> view.copyFrom(0, repeated(LONG_PART)))) {
            MemGuard.wipe(source.clear());
            MemGuard.wipe(streamed.clear());
            HmacSha256 signer = new HmacSha256(key);
            List<Runnable> uses = List.of(
                    () -> require(signer.sign(MESSAGE).length == HmacSha256.LENGTH),
                    () -> use(key, closedSecret),
                    () -> use(other, closedSecret),
                    () -> other.copy().close(),
                    () -> enclave.open().close(),
                    () -> enclave.open().seal().close(),
                    () -> require(large.<Boolean, RuntimeException>withBytes(closedSecret::isAtTheStartOf)));
            CountDownLatch done = new CountDownLatch(uses.size() * STAYING);
            for (int i = 1; i <= STAYING; i++) {
                int times = i * count / STAYING;
                uses.forEach(use -> stay(use, times, done, never));
            }
            done.await();
        }
    }

    private static void stay(Runnable use, int times, CountDownLatch done, CountDownLatch never) {
        Thread thread = new Thread(() -> {
            for (int i = 0; i < times; i++) {
                use.run();
            }
            done.countDown();
            awaitQuietly(never);
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Others would wait for it. */
    static void endIfAThreadFails() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
    }

    static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stream(int part, int length) {
        try (EnclaveStream stream = session.memGuard().newStream(part)) {
            stream.write(repeated(length));
            for (int size = 0; size < length; ) {
                try (LockedBuffer next = stream.size() < part ? stream.flush() : stream.next()) {
                    size += next.size();
                    require(next.size() < part
                            || next.<Boolean, RuntimeException>withBytes(closedSecret::isAtTheStartOf));
                }
            }
        }
    }

    /** Parts begin with the needle, whose size they are multiples of. */
    private ByteBuffer repeated(int length) {
        streamed.clear().limit(length);
        for (int i = 0; i < length; i++) {
            streamed.put(i, closedSecret.byteAt(i % Needle.SIZE));
        }
        return streamed;
    }

    private void use(Secret secret, Needle expected) {
        require(secret.<Boolean, RuntimeException>withBytes(expected::isAtTheStartOf));
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new AssertionError("wrong bytes");
        }
    }

    private void purgeOften(int count) {
        for (int i = 0; i < count; i++) {
            if (i % 100 == 0) {
                sealed.create(plaintext(closedSecret));
                guarded.create(plaintext(closedSecret));
            }
            session.purge();
        }
    }

    /** One copy of each needle on the heap and one in native memory. */
    private Object copies() {
        List<Object> copies = new ArrayList<>();
        for (Needle needle : needles) {
            byte[] onHeap = new byte[Needle.SIZE];
            ByteBuffer outside = ByteBuffer.allocateDirect(Needle.SIZE);
            for (int i = 0; i < Needle.SIZE; i++) {
                onHeap[i] = needle.byteAt(i);
                outside.put(i, needle.byteAt(i));
            }
            copies.add(List.of(onHeap, outside));
        }
        return copies;
    }

    private void report(Path directory) throws Exception {
        ResidueScanner scanner = new ResidueScanner(needles);
        List<ResidueScanner.Hit> hits = scanner.ownMemory();
        hits.forEach(System.out::println);
        System.out.println("process: " + hits.size() + " hits of " + needles.size() + " needles in "
                + scanner.scanned() / 1_000_000 + " MB, " + session.status());
        Path dump = directory.resolve("heap.hprof");
        ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class)
                .dumpHeap(dump.toString(), false);
        List<ResidueScanner.Hit> inDump = new ResidueScanner(needles).file(dump);
        inDump.forEach(System.out::println);
        System.out.println("heap dump: " + inDump.size() + " hits");
        for (Needle needle : needles) {
            needle.writeTo(directory);
        }
    }
}
