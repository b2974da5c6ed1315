package io.securememory.test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import com.sun.jna.Memory;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A program that leaks secrets in each form and to each place, searches, and tells for each whether it was found. */
final class SeededLeaks {

    private static final int LENGTH = 30;

    /** What has to be found of a leak. */
    private record Expected(Place place, boolean live, Pattern holder) {

        boolean matches(Finding finding) {
            return finding.place() == place
                    && finding.live() == live
                    && holder.matcher(finding.holder()).find();
        }
    }

    static final class Config {
        private final Object password;

        Config(Object password) {
            this.password = password;
        }
    }

    static final class Service {
        private final Config config;

        Service(Config config) {
            this.config = config;
        }
    }

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ThreadLocal<Object> OF_THREAD = new ThreadLocal<>();

    private static byte @Nullable [] inStatic;
    private static @Nullable Service service;
    private static final Map<String, Object> MAP = new LinkedHashMap<>();
    private static final List<Object> LINKED = new LinkedList<>();
    private static final Object[] FORMS = new Object[20];
    private static @Nullable Supplier<Object> lambda;
    private static @Nullable SoftReference<Object> soft;
    private static @Nullable WeakReference<Object> weak;
    private static @Nullable ByteBuffer direct;
    private static @Nullable Memory allocated;

    private final SecureMemory memory = SecureMemory.create();
    private final List<String> names = new ArrayList<>();
    private final List<Secret> secrets = new ArrayList<>();
    private final List<@Nullable Expected> expected = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    private SeededLeaks() {}

    public static void main(String[] arguments) throws Exception {
        SeededLeaks leaks = new SeededLeaks();
        Path file = Files.createTempFile("leak", ".log");
        try {
            byte[] given = leaks.plantAll(file);
            leaks.search(file, given);
        } finally {
            Files.delete(file);
            leaks.end.countDown();
            leaks.memory.close();
        }
        Reference.reachabilityFence(Stream.of(inStatic, service, MAP, LINKED, FORMS, lambda, soft, direct, allocated));
    }

    /** Makes a secret, and returns a copy of it, for a leak that is to be found. */
    private byte[] leak(String name, Place place, boolean live, String holder) {
        return leak(name, new Expected(place, live, Pattern.compile(holder)));
    }

    private byte[] leak(String name, @Nullable Expected what) {
        byte[] bytes = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bytes[i] = (byte) ('a' + RANDOM.nextInt(26));
        }
        names.add(name);
        expected.add(what);
        secrets.add(memory.secrets().create(bytes.clone()));
        return bytes;
    }

    private byte[] plantAll(Path file) throws Exception {
        plantForms();
        inStatic = leak("static", Place.HEAP, true, "^byte\\[\\]: static .*SeededLeaks\\.inStatic$");
        service = new Service(new Config(text(leak(
                "path",
                Place.HEAP,
                true,
                "^Latin-1 String: .*Config\\.password <- .*Service\\.config <- static .*SeededLeaks\\.service$"))));
        MAP.put("x", leak("map", Place.HEAP, true, "^byte\\[\\]: java\\.util\\..*<- .*static .*SeededLeaks\\.MAP$"));
        for (int i = 0; i < 40; i++) {
            LINKED.add(i);
        }
        LINKED.add(
                20,
                leak(
                        "list",
                        Place.HEAP,
                        true,
                        "item <- .*(next|prev) \\(\\d+ times\\) <- .*static .*SeededLeaks\\.LINKED$"));
        plantInThreads();
        byte[] captured = leak("lambda", Place.HEAP, true, "SeededLeaks\\(lambda\\)\\.arg.* <- static .*\\.lambda$");
        lambda = () -> captured;
        soft = new SoftReference<>(leak("soft", Place.HEAP, true, "SoftReference\\.referent <- static .*\\.soft$"));
        direct = ByteBuffer.allocateDirect(100).put(leak("direct", Place.NATIVE_MEMORY, true, "^in native memory"));
        allocated = new Memory(100);
        allocated.write(10, leak("malloc", Place.NATIVE_MEMORY, true, "^in native memory"), 0, LENGTH);
        Arrays.fill(leak("nowhere", null), (byte) 0);
        byte[] logged = leak("file", Place.GIVEN, true, "^in " + file.getFileName() + " at byte 6$");
        Files.writeString(file, "token=" + Base64.getEncoder().encodeToString(logged));
        Arrays.fill(logged, (byte) 0);
        byte[] recorded = leak("recorded", Place.GIVEN, true, "^in response at byte 0$");
        // Last, so that nothing overwrites them.
        weak = new WeakReference<>(leak("weak", Place.HEAP, false, "^in (garbage|memory of the heap)"));
        leak("garbage", Place.HEAP, false, "^in (garbage|memory of the heap)");
        return recorded;
    }

    private static String text(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        Arrays.fill(bytes, (byte) 0);
        return text;
    }

    private void plantForms() {
        HexFormat hex = HexFormat.of();
        String holder = ": an element of java.lang.Object\\[\\] <- static .*SeededLeaks\\.FORMS$";
        FORMS[0] = leak("bytes", Place.HEAP, true, "^byte\\[\\]" + holder);
        FORMS[1] = text(leak("latin-1", Place.HEAP, true, "^Latin-1 String" + holder));
        FORMS[2] = "\u20ac" + text(leak("utf-16", Place.HEAP, true, "^UTF-16 String" + holder));
        FORMS[3] = text(leak("char", Place.HEAP, true, "^char\\[\\]" + holder)).toCharArray();
        FORMS[4] = hex.formatHex(leak("hex", Place.HEAP, true, "^hexadecimal String" + holder));
        FORMS[5] = hex.withUpperCase().formatHex(leak("HEX", Place.HEAP, true, "^hexadecimal String" + holder));
        for (int before = 0; before < 3; before++) {
            FORMS[6 + before] = Base64.getEncoder()
                    .encodeToString(
                            after(before, leak("base64-" + before, Place.HEAP, true, "^Base64 String" + holder)));
            FORMS[9 + before] = Base64.getUrlEncoder()
                    .encodeToString(
                            after(before, leak("url-" + before, Place.HEAP, true, "^Base64(URL)? String" + holder)));
        }
        FORMS[12] = new BigInteger(
                1,
                leak(
                        "number",
                        Place.HEAP,
                        true,
                        "^int\\[\\]: java.math.BigInteger\\.mag <- an element of .* <- static .*FORMS$"));
        FORMS[13] = "-----BEGIN X-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(after(70, leak("pem", Place.HEAP, true, "^Base64 String" + holder)))
                + "\n-----END X-----\n";
        FORMS[14] = new String(leak("wide-bytes", Place.HEAP, true, "^UTF-16 in byte\\[\\]" + holder), ISO_8859_1)
                .getBytes(UTF_16LE);
    }

    private static byte[] after(int count, byte[] bytes) {
        byte[] all = Arrays.copyOf("user:".repeat(20).getBytes(US_ASCII), count + bytes.length);
        System.arraycopy(bytes, 0, all, count, bytes.length);
        return all;
    }

    private void plantInThreads() throws Exception {
        byte[] local = leak(
                "variable",
                Place.HEAP,
                true,
                "^byte\\[\\]: thread 'with-variable', frame .*SeededLeaks\\.holdInVariable\\(SeededLeaks.java:\\d+\\)$");
        start("with-variable", started -> holdInVariable(local.clone(), started));
        Arrays.fill(local, (byte) 0);
        byte[] ofThread = leak("thread-local", Place.HEAP, true, "threadLocals <- thread 'with-thread-local'$");
        start("with-thread-local", started -> {
            OF_THREAD.set(ofThread.clone());
            started.countDown();
            end.await();
        });
        Arrays.fill(ofThread, (byte) 0);
        byte[] onStack = leak("stack", Place.STACKS, false, "^on the stack of thread 'with-stack', left behind");
        start("with-stack", started -> {
            try (FileOutputStream out = new FileOutputStream("/dev/null")) {
                out.write(onStack); // HotSpot's library copies it to the stack.
            }
            started.countDown();
            end.await();
        });
    }

    /** What a thread does until the end. */
    private interface Work {
        void run(CountDownLatch started) throws IOException, InterruptedException;
    }

    private void start(String name, Work work) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run(started);
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        started.await();
        threads.add(thread);
    }

    private void holdInVariable(byte[] copy, CountDownLatch started) throws InterruptedException {
        started.countDown();
        end.await();
        Reference.reachabilityFence(copy);
    }

    private void search(Path file, byte[] recorded) {
        ResidueReport report = ResidueSearch.of(secrets.toArray(Secret[]::new))
                .named(names.toArray(String[]::new))
                .alsoIn(file)
                .alsoIn("response", recorded)
                .onProgress(line -> {})
                .run();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Expected what = expected.get(i);
            List<Finding> found = report.findings().stream()
                    .filter(finding -> finding.secret().equals(name))
                    .toList();
            boolean right = what == null ? found.isEmpty() : found.stream().anyMatch(what::matches);
            System.out.println((right ? "right: " : "WRONG: ") + name + ": " + found);
        }
        System.out.println("unproven " + report.unproven() + ", not searched " + report.notSearched());
        System.out.println(names.size() + " leaks in " + report.duration().toMillis() + " ms");
    }
}
