package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Backing;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.memcall.Addresses;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import io.securememory.memcall.Pages;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Buffers in memfd_secret memory, where the kernel has it. */
class SecretMemoryTest {

    static Stream<NativeAccess> ways() {
        return Arrays.stream(NativeAccess.values())
                .filter(way -> way != NativeAccess.FFM || Runtime.version().feature() >= 22);
    }

    private static MemGuard guard(NativeAccess way, boolean secretMemory) {
        MemCall memCall = MemCalls.lookup(way);
        Pages.needHidden();
        return MemGuard.create(memCall, MemGuardOptions.DEFAULTS.withSecretMemory(secretMemory));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void pagesAreLockedOutOfDumpsAndNotInherited(NativeAccess way) throws IOException {
        MemGuard guard = guard(way, true);
        long descriptors = descriptors();
        LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(5000));

        assertThat(buffer.contentEquals(LockedBufferContract.pattern(5000))).isTrue();
        assertThat(MemCalls.kernelFlags(buffer.memory().pages().inner()).orElseThrow())
                .contains("sh", "dd", "dc") // They are never swapped; some kernels show that as "lo", too.
                .doesNotContain("rd", "wr");
        assertThat(descriptors()).as("file descriptors").isEqualTo(descriptors);
        buffer.close();
        guard.shutDown();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void contentIsUnreadableThroughTheKernelUnlikeAnonymousMemory(NativeAccess way) throws IOException {
        MemGuard hiding = guard(way, true);
        MemGuard ordinary = guard(way, false);
        LockedBuffer hidden = hiding.moveFrom(LockedBufferContract.pattern(32));
        LockedBuffer plain = ordinary.moveFrom(LockedBufferContract.pattern(32));

        assertThat(readThroughKernel(plain)).isEqualTo(LockedBufferContract.pattern(32));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> readThroughKernel(hidden));
        hidden.close();
        plain.close();
        hiding.shutDown();
        ordinary.shutDown();
    }

    /** Root reads the process's memory, whatever protection the pages have. */
    private static byte[] readThroughKernel(LockedBuffer buffer) throws IOException {
        long address = Addresses.of(buffer.memory().pages().inner());
        try (RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "r")) {
            byte[] read = new byte[32];
            memory.seek(address + buffer.memory().pages().size() - 32);
            memory.readFully(read);
            return read;
        }
    }

    private static boolean isSecretMemory(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("secretmem");
        } catch (IOException e) {
            return false; // Closed meanwhile.
        }
    }

    /** Of secret memory only: what else this process has open may come and go. */
    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(SecretMemoryTest::isSecretMemory).count();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void secretsWorkOnIt(NativeAccess way) {
        guard(way, true);
        try (SecureMemory session = SecureMemory.create(SecureMemoryOptions.builder()
                .nativeAccess(way)
                .backing(Backing.MEMFD_SECRET)
                .build())) {
            Secret secret = session.secrets().createRandom(48);
            Secret copy = secret.copy();

            assertThat(copy.contentEquals(secret)).isTrue();
            assertThat(session.protection().isComplete()).isTrue();
            assertThat(session.purge().wiped()).isEqualTo(2);
        }
    }
}
