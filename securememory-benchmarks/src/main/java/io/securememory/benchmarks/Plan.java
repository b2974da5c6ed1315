package io.securememory.benchmarks;

import static io.securememory.benchmarks.Case.ACCESS_OWN;
import static io.securememory.benchmarks.Case.ACCESS_SHARED;
import static io.securememory.benchmarks.Case.AES_GCM;
import static io.securememory.benchmarks.Case.AES_GCM_KEPT;
import static io.securememory.benchmarks.Case.AES_GCM_MESSAGE;
import static io.securememory.benchmarks.Case.BYTE_BUFFER;
import static io.securememory.benchmarks.Case.COPY;
import static io.securememory.benchmarks.Case.CREATE_CLOSE;
import static io.securememory.benchmarks.Case.CREATION;
import static io.securememory.benchmarks.Case.HANDSHAKE;
import static io.securememory.benchmarks.Case.HMAC;
import static io.securememory.benchmarks.Case.MAC;
import static io.securememory.benchmarks.Case.OPEN;
import static io.securememory.benchmarks.Case.OPEN_BUFFER;
import static io.securememory.benchmarks.Case.PURGE;
import static io.securememory.benchmarks.Case.SEAL;
import static io.securememory.benchmarks.Case.SIGN_ED25519;
import static io.securememory.benchmarks.Case.SIGN_ED25519_KEPT;
import static io.securememory.benchmarks.Case.SIGN_P256;
import static io.securememory.benchmarks.Case.SIGN_P256_KEPT;
import static io.securememory.benchmarks.Case.SIGN_RSA;
import static io.securememory.benchmarks.Case.SIGN_RSA_KEPT;
import static io.securememory.benchmarks.Case.START_UP;
import static io.securememory.benchmarks.Case.STREAM_READ;
import static io.securememory.benchmarks.Case.STREAM_WRITE;
import static io.securememory.benchmarks.Case.WRITE_TO;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** All that can be measured, in groups of what is compared, so that it is measured close in time. */
final class Plan {

    /**
     * What is compared with each other.
     *
     * @param floor steps in C, which are run before and again after the others, so that drift shows in their error
     * @param others steps in Java
     */
    record Group(List<Step> floor, List<Step> others) {

        Group only(Predicate<Key> wanted) {
            return new Group(only(floor, wanted), only(others, wanted));
        }

        private static List<Step> only(List<Step> steps, Predicate<Key> wanted) {
            return steps.stream()
                    .filter(step -> step.yields().stream().anyMatch(wanted))
                    .toList();
        }

        boolean isEmpty() {
            return floor.isEmpty() && others.isEmpty();
        }
    }

    private static final int[] THREADS = {1, 2, 8};
    private static final int[] SIZES = {32, 1024, 16384};
    private static final int[] MESSAGES = {64, 256, 4096};
    private static final int[] PLAINTEXTS = {256, 65_536};
    private static final int SIGNED = 256;
    private static final int[] PURGED = {1_000, 10_000, 100_000};

    /** Closing Asherah's secrets one by one takes its time. */
    private static final int MOST_PURGED_OF_PEERS = 10_000;

    private static final int MILLION = 1_000_000;

    private static final List<Subject> OURS =
            List.of(Subject.PROTECTED_FFM, Subject.SEALED_FFM, Subject.PROTECTED_17, Subject.SEALED_17);

    private static final List<Subject> ON_HEAP =
            List.of(Subject.JDK, Subject.JDK_17, Subject.BOUNCYCASTLE, Subject.BOUNCYCASTLE_17);

    private final Steps steps;
    private final List<Group> groups = new ArrayList<>();

    private Plan(Steps steps) {
        this.steps = steps;
    }

    static List<Group> of(Tools tools) {
        Plan plan = new Plan(new Steps(tools));
        for (int threads : THREADS) {
            plan.accessOwn(threads);
        }
        for (int threads : THREADS) {
            plan.accessShared(threads);
        }
        plan.view(WRITE_TO, "writeTo");
        plan.view(BYTE_BUFFER, "asByteBuffer");
        plan.lifecycle(CREATE_CLOSE, "createClose");
        plan.lifecycle(COPY, "copy");
        for (int size : SIZES) {
            plan.sealing(SEAL, "seal", size);
            plan.sealing(OPEN, "open", size);
        }
        for (int size : MESSAGES) {
            plan.hmac(size);
        }
        plan.signatures(SIGN_P256, SIGN_P256_KEPT, SignatureBenchmark.Algorithm.P_256);
        plan.signatures(SIGN_ED25519, SIGN_ED25519_KEPT, SignatureBenchmark.Algorithm.ED25519);
        plan.signatures(SIGN_RSA, SIGN_RSA_KEPT, SignatureBenchmark.Algorithm.RSA_2048);
        for (int size : PLAINTEXTS) {
            plan.aesGcm(size);
        }
        plan.handshake();
        plan.buffersAndStreams();
        for (int count : PURGED) {
            plan.purge(count);
        }
        plan.creation();
        plan.startUp();
        return plan.groups;
    }

    private void accessOwn(int threads) {
        Key key = new Key(ACCESS_OWN, threads, Subject.C);
        List<Step> others = ours(key, "accessOwn", threads == 1);
        others.add(steps.benchmark(key.of(Subject.ASHERAH), AsherahBenchmark.class, "accessOwn"));
        others.add(steps.benchmark(key.of(Subject.LAZYSODIUM), LazysodiumBenchmark.class, "accessOwn"));
        groups.add(new Group(List.of(steps.floor(key), steps.floor(key.of(Subject.LIBSODIUM))), others));
    }

    /** Without libsodium: one memory of it that several threads use needs a count that its user has to write. */
    private void accessShared(int threads) {
        Key key = new Key(ACCESS_SHARED, threads, Subject.C);
        List<Step> others = ours(key, "accessShared", false);
        others.add(steps.benchmark(key.of(Subject.ASHERAH), AsherahBenchmark.class, "accessShared"));
        groups.add(new Group(List.of(steps.floor(key)), others));
    }

    /** Alone: what peers give out is an array or an address. */
    private void view(Case what, String method) {
        groups.add(new Group(List.of(), ours(new Key(what, 1, Subject.C), method, true)));
    }

    private void lifecycle(Case what, String method) {
        Key key = new Key(what, 1, Subject.C);
        List<Step> others = ours(key, method, true);
        others.add(steps.benchmark(key.of(Subject.ASHERAH), AsherahBenchmark.class, method));
        others.add(steps.benchmark(key.of(Subject.LAZYSODIUM), LazysodiumBenchmark.class, method));
        groups.add(new Group(List.of(steps.floor(key), steps.floor(key.of(Subject.LIBSODIUM))), others));
    }

    private List<Step> ours(Key key, String method, boolean alsoJnaOnThisJava) {
        List<Step> result = new ArrayList<>();
        OURS.forEach(who -> result.add(steps.benchmark(key.of(who), SecretBenchmark.class, method)));
        if (alsoJnaOnThisJava) {
            result.add(steps.benchmark(key.of(Subject.PROTECTED_JNA), SecretBenchmark.class, method));
            result.add(steps.benchmark(key.of(Subject.SEALED_JNA), SecretBenchmark.class, method));
        }
        return result;
    }

    private void sealing(Case what, String method, int size) {
        Key key = new Key(what, size, Subject.LIBSODIUM);
        groups.add(new Group(
                List.of(steps.floor(key)),
                List.of(
                        steps.benchmark(key.of(Subject.SEALED_FFM), EnclaveBenchmark.class, method),
                        steps.benchmark(key.of(Subject.SEALED_17), EnclaveBenchmark.class, method),
                        steps.benchmark(key.of(Subject.LAZYSODIUM), LazysodiumBenchmark.class, method))));
    }

    /** With accesses, which the JDK has none of. */
    private void hmac(int size) {
        Key key = new Key(HMAC, size, Subject.JDK);
        List<Step> others = new ArrayList<>();
        ON_HEAP.forEach(who -> others.add(steps.benchmark(key.of(who), HmacBenchmark.class, "signOnHeap")));
        OURS.forEach(who -> others.add(steps.benchmark(key.of(who), HmacBenchmark.class, "sign")));
        Key mac = new Key(MAC, size, Subject.JDK);
        OURS.forEach(who -> others.add(steps.key(mac.of(who), HmacBenchmark.class, "signWithMac", Map.of())));
        groups.add(new Group(List.of(), others));
    }

    private void signatures(Case anew, Case kept, SignatureBenchmark.Algorithm algorithm) {
        Class<?> type = SignatureBenchmark.class;
        Map<String, String> parameters = Map.of("algorithm", algorithm.name());
        List<Step> others = new ArrayList<>();
        ON_HEAP.forEach(who -> others.add(steps.key(new Key(anew, SIGNED, who), type, "signOnHeap", parameters)));
        OURS.forEach(who -> others.add(steps.key(new Key(anew, SIGNED, who), type, "sign", parameters)));
        for (Subject who : List.of(Subject.JDK, Subject.BOUNCYCASTLE)) {
            others.add(steps.key(new Key(kept, SIGNED, who), type, "signKeptOnHeap", parameters));
        }
        others.add(steps.key(new Key(kept, SIGNED, Subject.SEALED_FFM), type, "signKept", parameters));
        groups.add(new Group(List.of(), others));
    }

    private void aesGcm(int size) {
        Class<?> type = AesGcmBenchmark.class;
        List<Step> others = new ArrayList<>();
        ON_HEAP.forEach(who -> others.add(steps.key(new Key(AES_GCM, size, who), type, "encryptOnHeap", Map.of())));
        OURS.forEach(who -> others.add(steps.key(new Key(AES_GCM, size, who), type, "encrypt", Map.of())));
        for (Subject who : List.of(Subject.JDK, Subject.BOUNCYCASTLE)) {
            others.add(steps.key(new Key(AES_GCM_KEPT, size, who), type, "encryptKeptOnHeap", Map.of()));
        }
        others.add(steps.key(new Key(AES_GCM_KEPT, size, Subject.SEALED_FFM), type, "encryptKept", Map.of()));
        OURS.forEach(
                who -> others.add(steps.key(new Key(AES_GCM_MESSAGE, size, who), type, "encryptMessage", Map.of())));
        groups.add(new Group(List.of(), others));
    }

    /** Without BouncyCastle: JSSE signs with its keys only where its provider is registered. */
    private void handshake() {
        Class<?> type = HandshakeBenchmark.class;
        List<Step> others = new ArrayList<>();
        for (Subject who : List.of(Subject.JDK, Subject.JDK_17)) {
            others.add(steps.key(new Key(HANDSHAKE, 1, who), type, "handshakeOnHeap", Map.of()));
        }
        OURS.forEach(who -> others.add(steps.key(new Key(HANDSHAKE, 1, who), type, "handshake", Map.of())));
        groups.add(new Group(List.of(), others));
    }

    private void buffersAndStreams() {
        List<Step> buffers = new ArrayList<>();
        List<Step> streams = new ArrayList<>();
        int mib = EnclaveBenchmark.STREAMED_MIB;
        for (Subject who : List.of(Subject.SEALED_FFM, Subject.SEALED_17)) {
            for (int size : SIZES) {
                buffers.add(steps.benchmark(new Key(OPEN_BUFFER, size, who), EnclaveBenchmark.class, "openBuffer"));
            }
            streams.add(steps.benchmark(new Key(STREAM_WRITE, mib, who), EnclaveBenchmark.class, "streamWrite"));
            streams.add(steps.benchmark(new Key(STREAM_READ, mib, who), EnclaveBenchmark.class, "streamRead"));
        }
        Step openssl = steps.openssl(
                List.of(new Key(STREAM_WRITE, mib, Subject.OPENSSL), new Key(STREAM_READ, mib, Subject.OPENSSL)));
        groups.add(new Group(List.of(), buffers));
        groups.add(new Group(List.of(openssl), streams));
    }

    private void purge(int count) {
        Key key = new Key(PURGE, count, Subject.C);
        List<Step> others = new ArrayList<>();
        OURS.forEach(who -> others.add(steps.program(key.of(who))));
        if (count <= MOST_PURGED_OF_PEERS) {
            others.add(steps.program(key.of(Subject.ASHERAH)));
        }
        groups.add(new Group(List.of(steps.floor(key)), others));
    }

    private void creation() {
        groups.add(new Group(
                List.of(),
                List.of(
                        steps.program(new Key(CREATION, MILLION, Subject.SEALED_FFM)),
                        steps.program(new Key(CREATION, MILLION, Subject.SEALED_17)))));
    }

    private void startUp() {
        List<Step> others = new ArrayList<>();
        List.of(Subject.JVM, Subject.JVM_17).forEach(who -> others.add(steps.startUp(new Key(START_UP, 1, who))));
        OURS.forEach(who -> others.add(steps.startUp(new Key(START_UP, 1, who))));
        List.of(Subject.ASHERAH, Subject.LAZYSODIUM)
                .forEach(who -> others.add(steps.startUp(new Key(START_UP, 1, who))));
        groups.add(new Group(List.of(), others));
    }
}
