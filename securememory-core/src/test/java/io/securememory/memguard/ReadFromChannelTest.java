package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import io.securememory.testing.OnEverySystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Channels that are read straight into a buffer. */
@OnEverySystem
class ReadFromChannelTest {

    private final MemGuard guard = MemGuard.create(MemCalls.lookup(NativeAccess.AUTO), MemGuardOptions.DEFAULTS);
    private Pipe pipe;

    @BeforeEach
    void open() throws IOException {
        pipe = Pipe.open();
    }

    @AfterEach
    void close() throws IOException {
        pipe.sink().close();
        pipe.source().close();
        guard.shutDown();
    }

    private void write(String text) throws IOException {
        pipe.sink().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void bytesComeToTheRangeThatIsAskedForAndNotBehindIt() throws IOException {
        LockedBuffer buffer = guard.allocate(8);
        write("abcdef");

        assertThat(buffer.readFrom(pipe.source(), 2, 3)).isEqualTo(3);

        assertThat(buffer.contentEquals(bytes("\0\0abc\0\0\0"))).isTrue();
        assertThat(buffer.readFrom(pipe.source(), 5, 3)).isEqualTo(3);
        assertThat(buffer.contentEquals(bytes("\0\0abcdef"))).isTrue();
    }

    @Test
    void theEndIsTold() throws IOException {
        LockedBuffer buffer = guard.allocate(8);
        pipe.sink().close();

        assertThat(buffer.readFrom(pipe.source(), 0, 8)).isEqualTo(-1);
    }

    @Test
    void aChannelThatDoesNotBlockMayHaveNothing() throws IOException {
        LockedBuffer buffer = guard.allocate(8);
        pipe.source().configureBlocking(false);

        assertThat(buffer.readFrom(pipe.source(), 0, 8)).isZero();
    }

    @Test
    void aChannelOfAnotherClassGetsNoMemory() {
        LockedBuffer buffer = guard.allocate(8);
        ReadableByteChannel keeping = new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer target) {
                throw new AssertionError("it was asked");
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };

        assertThatIllegalArgumentException()
                .isThrownBy(() -> buffer.readFrom(keeping, 0, 8))
                .withMessageContaining("only channels of the JDK");
    }

    @Test
    void aWrongRangeAndAFrozenOrClosedBufferAreRefusedAndNothingIsRead() throws IOException {
        LockedBuffer buffer = guard.allocate(8);
        write("x");

        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> buffer.readFrom(pipe.source(), 4, 5));
        buffer.freeze();
        assertThatIllegalStateException().isThrownBy(() -> buffer.readFrom(pipe.source(), 0, 8));
        buffer.melt();
        assertThat(buffer.readFrom(pipe.source(), 0, 8)).isEqualTo(1);
        buffer.close();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> buffer.readFrom(pipe.source(), 0, 8));
    }
}
