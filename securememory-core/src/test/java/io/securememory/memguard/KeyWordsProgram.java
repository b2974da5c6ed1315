package io.securememory.memguard;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.SecretView;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.Storage;
import io.securememory.crypto.CipherStates;
import io.securememory.crypto.HashFunction;
import io.securememory.crypto.Hmac;
import io.securememory.crypto.HmacStates;
import io.securememory.crypto.LibCrypto;
import io.securememory.crypto.LibDigests;
import io.securememory.crypto.Sha256;
import io.securememory.libcrypto.LibCryptos;
import io.securememory.memcall.MemCalls;
import io.securememory.memguard.internal.ComputingView;
import io.securememory.testing.Seed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Uses sealed secrets and signs in many threads that rest then, each after another time, and looks for words of keys in all memory:
 * in any order, at any distance within one mapping, such as the stack of one thread or an arena of the process.
 *
 * <p>Looked for are the session's key, the states of its blocks whose difference with the key stream is the key,
 * the states of HMAC that sign as well as its key does, and plaintexts.
 */
final class KeyWordsProgram {

    private static final int THREADS = 120;
    private static final int AT_A_TIME = 3;
    private static final long LONGEST_NANOS = 40_000_000;

    /** As long as keys are, and for each way that is chosen by length. */
    private static final int[] SIZES = {16, 32, 600, 3_001, 16_384};

    private static final int KEY = 32;
    private static final int WORDS = KEY / Integer.BYTES;

    /** The thread that takes what is looked for, whose own stack is left out. */
    private static final String TAKING = "taking";

    /**
     * Of eight words. Who has four has to guess as much as of a key of 128 bits. Of the sixteen words of two keys that are needed both
     * it is twice as many.
     */
    private static final int FEWEST = Integer.getInteger("fewest", 5);

    private static final CountDownLatch NEVER = new CountDownLatch(1);
    private static final byte[] MESSAGE = new byte[200];

    private final SecureMemory session = SecureMemory.create(SecureMemoryOptions.builder()
            .enclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO))
            .build());
    private final @Nullable LibDigests library = library();
    private final Map<String, Runnable> uses = new LinkedHashMap<>();
    private final List<Runnable> takings = new ArrayList<>();
    private final List<WordGroup> groups = new ArrayList<>();

    /** What is computed in vain. */
    private volatile int result;

    /** Arguments: "control" to leave words on purpose, or what to do, all if there are none. */
    public static void main(String[] arguments) throws Exception {
        ResidueProgram.endIfAThreadFails();
        Random random = Seed.random("key words");
        List<String> only = List.of(arguments);
        KeyWordsProgram program = new KeyWordsProgram();
        if (only.contains("control")) {
            program.addControls();
        } else {
            for (int size : SIZES) {
                program.add(size);
            }
            if (!only.isEmpty()) {
                program.uses.keySet().retainAll(only);
            }
        }
        program.useInThreadsThatStay(random);
        program.report();
    }

    private static @Nullable LibDigests library() {
        LibCrypto found = LibCryptos.find(MemCalls.system().name());
        return found == null ? null : found.digests();
    }

    private void add(int size) {
        Secret sealed = session.secrets(Storage.SEALED).createRandom(size);
        Secret guarded = session.secrets(Storage.PROTECTED).createRandom(size);
        HmacSha256 signer = new HmacSha256(guarded);
        HmacSha256 signerOfSealed = new HmacSha256(sealed);
        byte[] other = new byte[size];
        uses.put("read-" + size, () -> result = sealed.<Integer, RuntimeException>withBytes(view -> (int) view.get(1)));
        uses.put("compare-" + size, () -> result = sealed.contentEquals(other) ? 1 : 0);
        uses.put("copy-" + size, () -> sealed.copy().close());
        uses.put("sign-" + size, () -> result = signer.sign(MESSAGE)[0]);
        uses.put("seal-sign-" + size, () -> result = signerOfSealed.sign(MESSAGE)[0]);
        if (library != null) {
            uses.put("sign-384-" + size, () -> sealed.useBytes(view -> sign(HashFunction.SHA_384, library, view)));
            uses.put("sign-512-" + size, () -> sealed.useBytes(view -> sign(HashFunction.SHA_512, library, view)));
        }
        if (size >= KEY) {
            takings.add(() -> sealed.useBytes(view -> addPlaintexts("sealed-plaintext-" + size, view)));
            takings.add(() -> guarded.useBytes(view -> addPlaintexts("guarded-plaintext-" + size, view)));
        }
        if (size == KEY) {
            takings.add(() -> guarded.useBytes(key -> addStatesOfHmac("", key)));
            takings.add(() -> guarded.useBytes(key -> addSchedulesOfHmac("", key)));
            takings.add(() -> sealed.useBytes(key -> addStatesOfHmac("sealed-", key)));
            takings.add(() -> sealed.useBytes(key -> addSchedulesOfHmac("sealed-", key)));
            if (library != null) {
                takings.add(() -> sealed.useBytes(key -> addStatesOfHmac512(library, key)));
            }
            takings.add(this::addKeyAndStatesOfBlocks);
        }
    }

    /** The first words, which go through vectors in long texts, and the last ones, which a piece is left for. */
    private void addPlaintexts(String name, SecretView view) {
        RegionData memory = ((Lease) view).memory();
        int from = memory.indexOf(((Lease) view).from());
        groups.add(new WordGroup(name, memory.bytes(), from, WORDS));
        if (view.length() > KEY) {
            groups.add(new WordGroup(name + "-end", memory.bytes(), from + view.length() - KEY, WORDS));
        }
    }

    private void sign(HashFunction function, LibDigests library, SecretView key) {
        result = ((ComputingView) key)
                .compute(
                        Hmac.workSize(library, function, MESSAGE.length),
                        (memory, at) ->
                                Hmac.compute(library, function, memory, at, key::copyTo, key.length(), MESSAGE))[0];
    }

    private void addStatesOfHmac(String which, SecretView key) {
        ByteBuffer memory = nativeBytes(Sha256.WORK_SIZE);
        for (int mask : new int[] {0x36, 0x5c}) {
            Sha256 digest = new Sha256(memory, 0);
            for (int i = 0; i < Sha256.BLOCK_SIZE; i++) {
                digest.update((byte) ((i < KEY ? key.get(i) : 0) ^ mask));
            }
            groups.add(new WordGroup(
                    which + "hmac-state-" + Integer.toHexString(mask), memory, CipherStates.stateOfDigest(), WORDS));
            digest.wipe();
        }
    }

    /** The words of a block with a key as a library has them, and those that follow in the rounds. Between them are masks. */
    private void addSchedulesOfHmac(String which, SecretView key) {
        ByteBuffer memory = nativeBytes(HmacStates.SCHEDULE * Integer.BYTES);
        for (int mask : new int[] {0x36, 0x5c}) {
            for (boolean withConstants : new boolean[] {false, true}) {
                for (int i = 0; i < Sha256.BLOCK_SIZE; i++) {
                    memory.put(i, (byte) ((i < KEY ? key.get(i) : 0) ^ mask));
                }
                HmacStates.schedule(memory, withConstants);
                String name = which + "hmac-schedule-" + Integer.toHexString(mask) + (withConstants ? "-added-" : "-");
                groups.add(new WordGroup(name + 0, memory, 0, WORDS));
                for (int i = 2 * WORDS; i < HmacStates.SCHEDULE; i += WORDS) {
                    groups.add(new WordGroup(name + i, memory, i * Integer.BYTES, WORDS));
                }
            }
        }
        MemGuard.wipe(memory);
    }

    private void addStatesOfHmac512(LibDigests library, SecretView key) {
        ByteBuffer memory = nativeBytes(HashFunction.SHA_512.contextSize() + 128);
        for (HashFunction function : new HashFunction[] {HashFunction.SHA_384, HashFunction.SHA_512}) {
            for (int mask : new int[] {0x36, 0x5c}) {
                for (int i = 0; i < 128; i++) {
                    memory.put(HashFunction.SHA_512.contextSize() + i, (byte) ((i < KEY ? key.get(i) : 0) ^ mask));
                }
                HmacStates.state(library, function, memory);
                groups.add(new WordGroup(function + "-state-" + Integer.toHexString(mask), memory, 0, 2 * WORDS));
            }
        }
        MemGuard.wipe(memory);
    }

    /** Of the first two blocks of the first nonces, among which those of the secrets are. */
    private void addKeyAndStatesOfBlocks() {
        SessionKeys.use(session, engine -> {
            ByteBuffer work = nativeBytes(CipherStates.workSize());
            for (int nonce = 0; nonce < SIZES.length; nonce++) {
                for (int block = 0; block < 2; block++) {
                    for (int i = 0; i < KEY / Long.BYTES; i++) {
                        work.putLong(i * Long.BYTES, engine.left(i));
                    }
                    CipherStates.stateAfterRounds(work, block, nonce);
                    groups.add(new WordGroup("state-" + nonce + "-" + block, work, CipherStates.STATE, WORDS));
                }
                CipherStates.ownKeys(work, nonce, SIZES[nonce]);
                groups.add(new WordGroup("own-keys-" + nonce, work, CipherStates.STATE, 2 * WORDS));
                CipherStates.stateOfOwnKeys(work, nonce, SIZES[nonce]);
                groups.add(new WordGroup("state-of-own-keys-" + nonce, work, CipherStates.STATE, WORDS));
            }
            groups.add(new WordGroup("key", work, 0, WORDS));
            MemGuard.wipe(work.clear());
        });
    }

    /** Threads that compute with a key of their own as the library does, but overwrite nothing after it. */
    private void addControls() {
        ByteBuffer cipher = nativeBytes(CipherStates.workSize());
        ByteBuffer digest = nativeBytes(Sha256.WORK_SIZE);
        byte[] random = new byte[KEY];
        new SecureRandom().nextBytes(random);
        cipher.put(0, random);
        groups.add(new WordGroup("key", cipher, 0, WORDS));
        new SecureRandom().nextBytes(random);
        digest.put(CipherStates.stateOfDigest(), random);
        groups.add(new WordGroup("hmac-state", digest, CipherStates.stateOfDigest(), WORDS));
        ByteBuffer block = nativeBytes(2 * Sha256.BLOCK_SIZE);
        new SecureRandom().nextBytes(random);
        block.put(0, random);
        addSchedulesOfControl(block);
        for (int i = 0; i < 4; i++) {
            uses.put("cipher-" + i, () -> {
                ByteBuffer own = nativeBytes(CipherStates.workSize());
                own.put(0, cipher, 0, KEY);
                CipherStates.roundsAlone(own, 1, 2);
            });
            uses.put("digest-" + i, () -> {
                ByteBuffer own = nativeBytes(Sha256.WORK_SIZE);
                own.put(CipherStates.stateOfDigest(), digest, CipherStates.stateOfDigest(), KEY);
                CipherStates.compressAlone(own);
            });
            LibCrypto ciphers = LibCryptos.find(MemCalls.system().name());
            if (ciphers != null) {
                uses.put("library-" + i, () -> CipherStates.libraryAlone(ciphers, cipher, 1_500));
            }
            if (library != null) {
                uses.put("library-digest-" + i, () -> HmacStates.blockAlone(library, nativeBytes(512), block));
            }
        }
    }

    private void addSchedulesOfControl(ByteBuffer block) {
        ByteBuffer memory = nativeBytes(HmacStates.SCHEDULE * Integer.BYTES);
        for (boolean withConstants : new boolean[] {false, true}) {
            memory.put(0, block, 0, Sha256.BLOCK_SIZE);
            HmacStates.schedule(memory, withConstants);
            for (int i = 0; i < HmacStates.SCHEDULE; i += WORDS) {
                if (i != WORDS) {
                    groups.add(new WordGroup("schedule-" + withConstants + "-" + i, memory, i * Integer.BYTES, WORDS));
                }
            }
        }
        MemGuard.wipe(memory);
    }

    private static ByteBuffer nativeBytes(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void useInThreadsThatStay(Random random) throws InterruptedException {
        List<String> names = List.copyOf(uses.keySet());
        CountDownLatch done = new CountDownLatch(THREADS);
        Semaphore turns = new Semaphore(AT_A_TIME);
        for (int i = 0; i < THREADS; i++) {
            String name = names.get(i % names.size());
            Runnable use = uses.get(name);
            long nanos = random.nextLong(LONGEST_NANOS);
            turns.acquire();
            stay(name, () -> {
                long begin = System.nanoTime();
                do {
                    use.run();
                } while (System.nanoTime() - begin < nanos);
                turns.release();
                done.countDown();
            });
        }
        done.await();
    }

    /** Runs work in a thread whose stack stays as it is then. */
    private static void stay(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    work.run();
                    ResidueProgram.awaitQuietly(NEVER);
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void report() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        stay(TAKING, () -> {
            takings.forEach(Runnable::run);
            taken.countDown();
        });
        taken.await();
        session.close();
        WordScanner scanner = new WordScanner(groups);
        List<WordScanner.Found> found = scanner.ownMemory(group -> FEWEST * group.count() / WORDS).stream()
                .filter(each -> !each.thread().equals(TAKING))
                .toList();
        found.forEach(System.out::println);
        System.out.println(groups.size() + " groups of words, " + found.size() + " times more than " + (FEWEST - 1)
                + " of one group in one mapping, in " + scanner.scanned() / 1_000_000 + " MB");
    }
}
