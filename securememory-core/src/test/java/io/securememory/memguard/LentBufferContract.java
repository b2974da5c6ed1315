package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import io.securememory.testing.OnEverySystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the buffers must do that an access lends to its action or to a channel, whatever way native code is called. */
@OnEverySystem
abstract class LentBufferContract {

    private final MemGuard guard = MemGuard.create(MemCalls.lookup(access()), MemGuardOptions.DEFAULTS);

    abstract NativeAccess access();

    @AfterEach
    void nothingStaysBehind() {
        guard.shutDown();
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
        assertThat(guard.status().canaryViolationsTotal()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void bufferIsDirectAndReadOnlyAndNothingAfterTheAction(Viewed of) {
        byte[] bytes = LockedBufferContract.pattern(60);
        List<ByteBuffer> kept = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            of.read(guard, bytes, view -> {
                kept.forEach(LentBufferContract::assertShowsNothing);
                ByteBuffer whole = view.asByteBuffer();
                assertThat(whole).isEqualTo(ByteBuffer.wrap(bytes));
                ByteBuffer part = view.slice(20, 40).asByteBuffer();
                assertThat(part).isEqualTo(ByteBuffer.wrap(bytes, 20, 40));
                assertThat(part.isDirect() && part.isReadOnly()).isTrue();
                kept.add(kept.size() % 2 == 0 ? whole : part);
            });
        }
        kept.forEach(LentBufferContract::assertShowsNothing);
    }

    /** Throws, or reads as zeros. */
    private static void assertShowsNothing(ByteBuffer buffer) {
        boolean zeros;
        try {
            zeros = buffer.equals(ByteBuffer.allocate(buffer.remaining()));
        } catch (IllegalStateException e) {
            return;
        }
        assertThat(zeros).as("reads as zeros").isTrue();
    }

    @Test
    void bufferShowsWhateverIsWrittenInItsAction() {
        LockedBuffer buffer = guard.allocate(8);
        buffer.mutate(outer -> {
            ByteBuffer first = outer.asByteBuffer();
            outer.put(0, (byte) 1);
            assertThat(first).isEqualTo(ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 0, 0, 0, 0}));
            buffer.withBytes(reading -> {
                ByteBuffer second = reading.slice(2, 3).asByteBuffer();
                buffer.mutate(inner -> {
                    inner.copyFrom(1, new byte[] {2, 3, 4, 5}, 0, 4);
                    ByteBuffer third = inner.asByteBuffer();
                    outer.copyFrom(6, ByteBuffer.wrap(new byte[] {7, 8}));
                    assertThat(third).isEqualTo(first);
                });
                return assertThat(second).isEqualTo(ByteBuffer.wrap(new byte[] {3, 4, 5}));
            });
            assertThat(first).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 0, 7, 8}));
            buffer.wipe();
            assertThat(first).isEqualTo(ByteBuffer.allocate(8));
            buffer.scramble();
            assertThat(outer.contentEquals(new byte[8])).isFalse();
            assertThat(first).isEqualTo(ByteBuffer.wrap(ViewContract.contentOf(outer)));
        });
        buffer.close();
    }

    @ParameterizedTest
    @EnumSource
    void allOfAViewAndOfASliceIsWrittenToAnyChannel(Viewed of, @TempDir Path directory) throws IOException {
        byte[] bytes = LockedBufferContract.pattern(5_000);
        Path file = directory.resolve("bytes");
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        Keeping keeping = new Keeping();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            of.read(guard, bytes, view -> {
                for (WritableByteChannel each : List.of(channel, Channels.newChannel(stream), keeping)) {
                    assertThat(view.writeTo(each)).isEqualTo(5_000);
                    assertThat(view.slice(4_990, 7).writeTo(each)).isEqualTo(7);
                    assertThat(view.slice(3, 0).writeTo(each)).isZero();
                }
            });
        }

        byte[] expected =
                ByteBuffer.allocate(5_007).put(bytes).put(bytes, 4_990, 7).array();
        assertThat(Files.readAllBytes(file)).isEqualTo(expected);
        assertThat(stream.toByteArray()).isEqualTo(expected);
        assertThat(keeping.written.toByteArray()).isEqualTo(expected);
        assertThat(keeping.kept).hasSize(715 + 1);
        keeping.kept.forEach(LentBufferContract::assertShowsNothing);
    }

    /** A channel that takes seven bytes at once, and keeps the buffers that it is given. */
    private static final class Keeping implements WritableByteChannel {
        private final List<ByteBuffer> kept = new ArrayList<>();
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        @Override
        public int write(ByteBuffer source) {
            kept.add(source.duplicate());
            byte[] taken = new byte[Math.min(7, source.remaining())];
            source.get(taken);
            written.writeBytes(taken);
            return taken.length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
