package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memguard.LeakDetection;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.Needs;
import io.securememory.testing.Result;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million sealed secrets, or a fifth of that, in a process that may lock 8 MiB and has no CAP_IPC_LOCK, which would exempt it. */
class CapacityIT {

    private static final int LIMIT = 8 << 20;

    /** Both need the rights of root. */
    private static final String[] LIMITED = {
        "prlimit", "--memlock=" + LIMIT + ":" + LIMIT, "setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"
    };

    private static final int COUNT = Effort.of("capacity.count", 200_000, 1_000_000);

    /** Bytes beyond the plaintext. memguard takes 80. */
    private static final int MOST_OVERHEAD = 100;

    @Test
    void manySealedSecretsFitIntoASmallLockLimit(@TempDir Path directory) throws Exception {
        Needs.launcher(LIMITED);
        Result result = ChildJvm.onTestClassPath(Child.class)
                .options("-Dcount=" + COUNT, "-Xmx512m", "-XX:+UseSerialGC")
                .within(Effort.limit(Duration.ofSeconds(60)))
                .startedBy(LIMITED)
                .run(directory);

        System.out.println(result.output());
        assertThat(result.output()).contains("limit 8388608", COUNT + " read back", "0 mappings more");
        Matcher overhead =
                Pattern.compile("([\\d.]+) bytes beyond the plaintext").matcher(result.output());
        assertThat(overhead.find()).isTrue();
        assertThat(Double.parseDouble(overhead.group(1))).isBetween(40.0, (double) MOST_OVERHEAD);
        assertThat(result.exitCode()).isZero();
    }

    /** The child. */
    static final class Child {

        private static final int COUNT = Integer.getInteger("count");
        private static final int LENGTH = 32;

        private Child() {}

        public static void main(String[] arguments) throws IOException {
            SecureMemoryOptions options = SecureMemoryOptions.builder()
                    .storage(Storage.SEALED)
                    .leakDetection(LeakDetection.SAMPLED)
                    .build();
            try (SecureMemory session = SecureMemory.create(options)) {
                System.out.println("limit " + session.status().lockLimitBytes());
                Secret[] secrets = new Secret[COUNT];
                byte[] source = new byte[LENGTH];
                session.secrets().create(fill(source, -1)).close();
                long mappings = mappings();
                long before = usedHeap();
                for (int i = 0; i < COUNT; i++) {
                    secrets[i] = session.secrets().create(fill(source, i));
                }
                double each = (usedHeap() - before) / (double) COUNT;
                System.out.printf(
                        "%.1f bytes each, %.1f bytes beyond the plaintext, %d bytes locked%n",
                        each, each - LENGTH, session.status().lockedBytes());
                for (int i = 0; i < COUNT; i++) {
                    requireEqual(secrets[i], fill(source, i));
                }
                System.out.println(COUNT + " read back, " + (mappings() - mappings) + " mappings more, "
                        + session.status().liveSealed() + " live");
                System.out.println(session.purge());
            }
        }

        private static byte[] fill(byte[] source, int number) {
            ByteBuffer.wrap(source).putInt(0, number).putInt(LENGTH - Integer.BYTES, ~number);
            return source;
        }

        private static void requireEqual(Secret secret, byte[] expected) {
            if (!secret.contentEquals(expected)) {
                throw new AssertionError("wrong bytes");
            }
        }

        private static long usedHeap() {
            System.gc();
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }

        private static long mappings() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/smaps")).stream()
                    .filter(line -> line.startsWith("VmFlags:") && line.contains(" dd"))
                    .count();
        }
    }
}
