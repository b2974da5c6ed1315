package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.SecretView;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Seed;
import io.securememory.testing.Workers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the view of an access must do, whatever it is a view of, and whatever way native code is called. */
@OnEverySystem
abstract class ViewContract {

    private static final int ROUNDS = Effort.of("view.rounds", 300, 5_000);
    private static final ByteOrder[] ORDERS = {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN};

    private final MemGuard guard = MemGuard.create(MemCalls.lookup(access()), MemGuardOptions.DEFAULTS);
    private final Workers threads = new Workers();

    abstract NativeAccess access();

    @AfterEach
    void nothingStaysBehind() {
        threads.close();
        guard.shutDown();
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
        assertThat(guard.status().canaryViolationsTotal()).isZero();
    }

    private static byte[] random(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] contentOf(SecretView view) {
        byte[] bytes = new byte[view.length()];
        view.copyTo(0, bytes, 0, bytes.length);
        return bytes;
    }

    /** What a heap buffer says, one that is sliced in the same way. */
    @ParameterizedTest
    @EnumSource
    void slicesReadLikeThoseOfAByteBuffer(Viewed of) {
        long seed = Seed.of("slices of views");
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = random(random, 1 + random.nextInt(100));
            of.read(guard, bytes, whole -> {
                SecretView view = whole;
                ByteBuffer oracle = ByteBuffer.wrap(bytes);
                for (int depth = random.nextInt(4); depth > 0; depth--) {
                    int from = random.nextInt(view.length() + 1);
                    int length = random.nextInt(view.length() - from + 1);
                    view = view.slice(from, length);
                    oracle = oracle.slice(from, length);
                }
                assertReadsLike(oracle, view, random, "seed " + seed);
            });
        }
    }

    private static void assertReadsLike(ByteBuffer oracle, SecretView view, Random random, String where) {
        int length = oracle.limit();
        byte[] expected = new byte[length];
        oracle.get(0, expected);
        assertThat(view.length()).as(where).isEqualTo(length);
        assertThat(contentOf(view)).as(where).isEqualTo(expected);
        assertThat(view.contentEquals(expected)).as(where).isTrue();
        assertThat(view.contentEquals(new byte[length + 1])).as(where).isFalse();
        assertThat(view.asByteBuffer()).as(where).isEqualTo(oracle.duplicate().clear());
        assertThat(view.asByteBuffer().order()).as(where).isEqualTo(ByteOrder.BIG_ENDIAN);
        for (ByteOrder order : ORDERS) {
            oracle.order(order);
            for (int i = 0; i < length; i++) {
                assertThat(view.get(i)).as(where).isEqualTo(oracle.get(i));
                if (i + Short.BYTES <= length) {
                    assertThat(view.getShort(i, order)).as(where).isEqualTo(oracle.getShort(i));
                }
                if (i + Integer.BYTES <= length) {
                    assertThat(view.getInt(i, order)).as(where).isEqualTo(oracle.getInt(i));
                }
                if (i + Long.BYTES <= length) {
                    assertThat(view.getLong(i, order)).as(where).isEqualTo(oracle.getLong(i));
                }
            }
        }
        ByteBuffer target = random.nextBoolean() ? ByteBuffer.allocate(120) : ByteBuffer.allocateDirect(120);
        int from = random.nextInt(length + 1);
        view.copyTo(from, target, 7, length - from);
        assertThat(target.position()).as(where).isZero();
        assertThat(target.slice(7, length - from)).as(where).isEqualTo(oracle.slice(from, length - from));
        assertThat(target.get(6)).as(where).isZero();
        assertThat(target.get(7 + length - from)).as(where).isZero();
        assertThat(view.copyTo(target)).as(where).isEqualTo(length);
        assertThat(target.flip()).as(where).isEqualTo(oracle.duplicate().clear());
    }

    @Test
    void writesThroughSlicesAreThoseOfAByteBuffer() {
        long seed = Seed.of("writes to slices of views");
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = random(random, 40 + random.nextInt(60));
            byte[] source = random(random, 30);
            ByteBuffer oracle = ByteBuffer.wrap(bytes.clone());
            try (LockedBuffer buffer = guard.allocate(bytes.length)) {
                buffer.mutate(whole -> {
                    whole.copyFrom(0, ByteBuffer.wrap(bytes), 0, bytes.length);
                    ByteBuffer lent = whole.asByteBuffer();
                    for (int i = 0; i < 10; i++) {
                        int from = random.nextInt(bytes.length - 35);
                        int length = 35 + random.nextInt(bytes.length - 35 - from + 1);
                        MutableView part = whole.slice(from, length).slice(1, length - 1);
                        write(part, oracle.slice(from + 1, length - 1), source, random);
                        assertThat(lent).as("seed %d", seed).isEqualTo(oracle);
                    }
                    assertThat(contentOf(whole)).as("seed %d", seed).isEqualTo(oracle.array());
                });
                assertThat(buffer.contentEquals(oracle.array()))
                        .as("seed %d", seed)
                        .isTrue();
            }
        }
    }

    private static void write(MutableView view, ByteBuffer oracle, byte[] source, Random random) {
        ByteOrder order = ORDERS[random.nextInt(2)];
        oracle.order(order);
        long value = random.nextLong();
        int at = random.nextInt(20);
        int length = random.nextInt(11);
        switch (random.nextInt(6)) {
            case 0 -> {
                view.put(at, (byte) value);
                oracle.put(at, (byte) value);
            }
            case 1 -> {
                view.putShort(at, (short) value, order);
                oracle.putShort(at, (short) value);
            }
            case 2 -> {
                view.putInt(at, (int) value, order);
                oracle.putInt(at, (int) value);
            }
            case 3 -> {
                view.putLong(at, value, order);
                oracle.putLong(at, value);
            }
            case 4 -> {
                view.copyFrom(at, source, 3, length);
                view.copyFrom(at, ByteBuffer.allocateDirect(30).put(0, source), 3, length / 2);
                view.copyFrom(at, ByteBuffer.wrap(source, 3, length));
                oracle.put(at, source, 3, length);
            }
            default -> {
                view.copyFrom(at + 1, view.slice(at, length), 0, length);
                byte[] moved = new byte[length];
                oracle.get(at, moved);
                oracle.put(at + 1, moved);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyRangeIsChecked(Viewed of) {
        of.read(guard, new byte[20], whole -> {
            SecretView part = whole.slice(10, 5);
            assertOutOfBounds(() -> whole.slice(16, 5));
            assertOutOfBounds(() -> whole.slice(-1, 2));
            assertOutOfBounds(() -> whole.slice(0, -1));
            assertOutOfBounds(() -> part.slice(0, 6));
            assertOutOfBounds(() -> part.slice(Integer.MAX_VALUE, 1));
            for (ByteOrder order : ORDERS) {
                for (int index : new int[] {-1, 5, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                    assertOutOfBounds(() -> part.get(index));
                    assertOutOfBounds(() -> part.getShort(index, order));
                    assertOutOfBounds(() -> part.getInt(index, order));
                    assertOutOfBounds(() -> part.getLong(index, order));
                }
                assertOutOfBounds(() -> part.getShort(4, order));
                assertOutOfBounds(() -> part.getInt(2, order));
                assertOutOfBounds(() -> part.getLong(0, order));
                assertOutOfBounds(() -> whole.getShort(19, order));
                assertOutOfBounds(() -> whole.getInt(17, order));
                assertOutOfBounds(() -> whole.getLong(13, order));
            }
            ByteBuffer target = ByteBuffer.allocateDirect(40).limit(4);
            assertOutOfBounds(() -> part.copyTo(1, new byte[9], 0, 5));
            assertOutOfBounds(() -> part.copyTo(0, target, 1, 4));
            assertOutOfBounds(() -> part.copyTo(0, target, -1, 1));
            assertOutOfBounds(() -> part.copyTo(2, target, 0, 4));
            assertThatExceptionOfType(ReadOnlyBufferException.class)
                    .isThrownBy(() -> part.copyTo(0, target.asReadOnlyBuffer(), 0, 1));
        });
    }

    private static void assertOutOfBounds(ThrowingCallable call) {
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(call);
    }

    @Test
    void writesOutsideOfASliceChangeNothing() {
        try (LockedBuffer buffer = guard.allocate(20)) {
            buffer.mutate(whole -> {
                MutableView part = whole.slice(10, 5);
                for (ByteOrder order : ORDERS) {
                    assertOutOfBounds(() -> part.put(5, (byte) 1));
                    assertOutOfBounds(() -> part.putShort(4, (short) 1, order));
                    assertOutOfBounds(() -> part.putInt(2, 1, order));
                    assertOutOfBounds(() -> part.putLong(0, 1, order));
                    assertOutOfBounds(() -> part.putLong(-1, 1, order));
                }
                assertOutOfBounds(() -> part.copyFrom(1, new byte[] {1, 1, 1, 1, 1}, 0, 5));
                assertOutOfBounds(() -> part.copyFrom(1, ByteBuffer.wrap(new byte[] {1, 1, 1, 1, 1})));
                assertOutOfBounds(() -> part.copyFrom(0, ByteBuffer.wrap(new byte[] {1, 1}), 1, 2));
                assertOutOfBounds(() -> part.copyFrom(0, whole.slice(0, 3), 1, 3));
            });
            assertThat(buffer.contentEquals(new byte[20])).isTrue();
            buffer.withBytes(view -> {
                MutableView part = ((MutableView) view).slice(0, 8);
                assertThatIllegalStateException().isThrownBy(() -> part.putInt(0, 1, ByteOrder.BIG_ENDIAN));
                assertThatIllegalStateException().isThrownBy(() -> part.copyFrom(0, new byte[1], 0, 1));
                return null;
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void sliceIsForTheThreadAndForTheActionOfItsView(Viewed of) throws Exception {
        List<SecretView> escaped = new ArrayList<>();
        of.<Exception>read(guard, new byte[20], whole -> {
            SecretView part = whole.slice(1, 10).slice(1, 9);
            Future<?> other = threads.run(() -> {
                assertNoAccess(part);
                assertNoAccess(whole);
            });
            Await.result(other);
            assertThat(part).hasToString("SecretView[length=9]");
            escaped.add(part);
            escaped.add(whole);
        });

        escaped.forEach(ViewContract::assertNoAccess);
        assertThat(escaped.get(0)).hasToString("SecretView[length=9, ended]");
        of.read(guard, new byte[20], another -> escaped.forEach(ViewContract::assertNoAccess));
    }

    private static void assertNoAccess(SecretView view) {
        ByteBuffer target = ByteBuffer.allocateDirect(100);
        WritableByteChannel channel = Channels.newChannel(new ByteArrayOutputStream());
        List<ThrowingCallable> calls = List.of(
                () -> view.get(0),
                () -> view.getShort(0, ByteOrder.BIG_ENDIAN),
                () -> view.getInt(0, ByteOrder.BIG_ENDIAN),
                () -> view.getLong(0, ByteOrder.BIG_ENDIAN),
                () -> view.copyTo(0, new byte[1], 0, 1),
                () -> view.copyTo(target),
                () -> view.copyTo(0, target, 0, 1),
                () -> view.contentEquals(new byte[view.length()]),
                () -> view.slice(0, 1),
                () -> view.asByteBuffer(),
                () -> view.writeTo(channel),
                () -> ((MutableView) view).put(0, (byte) 1),
                () -> ((MutableView) view).putLong(0, 1, ByteOrder.BIG_ENDIAN),
                () -> ((MutableView) view).copyFrom(0, target, 0, 1));
        for (ThrowingCallable call : calls) {
            assertThatIllegalStateException().isThrownBy(call);
        }
        assertThat(target).isEqualTo(ByteBuffer.allocate(100));
    }
}
