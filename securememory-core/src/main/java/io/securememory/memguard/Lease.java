package io.securememory.memguard;

import io.securememory.CanaryViolationException;
import io.securememory.SecretFunction;
import io.securememory.crypto.LibCrypto;
import io.securememory.crypto.StackProbe;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import io.securememory.memguard.internal.Computation;
import io.securememory.memguard.internal.ComputingView;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stay of one thread inside a region, and the view that its action gets.
 *
 * <p>If the thread is inside the region already, the lease rides on the outer one: it does not change the region's
 * state. A lease is never used twice, so a view that is kept after its action stays unusable.
 *
 * <p>A purge may wipe the region while the action runs, and marks the region first. If there is no mark after a read,
 * what was read was intact. So every read and write checks the mark afterwards. If it is there, they wipe their target
 * and throw.
 */
final class Lease extends WordView implements ComputingView {

    private final Region region;
    private final RegionData memory;

    /** Where in the region's data the view begins. */
    private final int from;

    private final int length;
    private final Thread thread = Thread.currentThread();
    private final boolean writable;
    private final boolean riding;

    /** The window that the region is of, if this is a view of what was opened into one. */
    private final @Nullable SealingWindow window;

    /** Read and written by the lease's own thread only. */
    private boolean ended;

    private @Nullable ScopedBuffer scoped;

    private Lease(
            Region region, int from, int length, boolean writable, boolean riding, @Nullable SealingWindow window) {
        this.window = window;
        this.region = region;
        this.memory = region.memory();
        this.from = from;
        this.length = length;
        this.writable = writable;
        this.riding = riding;
    }

    /** Enters a region for reading. The caller ends the lease. */
    static Lease read(Region region) {
        StackProbe.touch();
        return read(region, region, 0, region.size(), null);
    }

    /**
     * Enters a region for reading, with a view of a part of the data. The caller has made sure that there is enough
     * stack, and ends the lease.
     *
     * @param subject the object that the thread uses: the region, or the enclave that is opened into it
     * @param window the window that the region is of, or null
     */
    static Lease read(Region region, Object subject, int from, int length, @Nullable SealingWindow window) {
        @Nullable Object[] stays = Stays.withRoom();
        boolean riding = Stays.isInside(stays, region);
        Lease lease = new Lease(region, from, length, false, riding, window);
        if (riding) {
            region.requireOpen();
        } else {
            region.enterReader();
        }
        Stays.push(stays, region, subject, false);
        return lease;
    }

    /** Enters a region for writing. The caller ends the lease. */
    static Lease write(Region region) {
        StackProbe.touch();
        return write(region, 0, region.size());
    }

    /** Enters a region for writing, with a view of a part of the data. The caller has made sure of the stack. */
    static Lease write(Region region, int from, int length) {
        @Nullable Object[] stays = Stays.withRoom();
        boolean riding = Stays.isInside(stays, region);
        if (riding && !Stays.isWriting(region)) {
            throw new IllegalStateException("a buffer cannot be written inside a read action on the same thread");
        }
        Lease lease = new Lease(region, from, length, true, riding, null);
        if (riding) {
            region.requireOpen();
        } else {
            region.enterWriter();
        }
        Stays.push(stays, region, region, true);
        return lease;
    }

    /** Runs an action that writes to a region. */
    static <E extends Exception> void fill(Region region, MutableViewConsumer<E> action) throws E {
        Lease lease = write(region);
        Throwable failure = null;
        try {
            lease.runWriting(action);
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            lease.end(failure);
        }
    }

    Region region() {
        return region;
    }

    @Override
    RegionData memory() {
        return memory;
    }

    /** Where in the region's data the view begins. */
    int from() {
        return from;
    }

    /** Leaves the region. Attempts every step. Throws the first failure, or adds it to that of the action. */
    void end(@Nullable Throwable failure) {
        ended = true;
        Stays.pop();
        Throwable first = failure;
        if (scoped != null) {
            try {
                scoped.close();
            } catch (RuntimeException | Error e) {
                first = Failures.chain(first, e);
            }
        }
        try {
            leave(region, writable, riding);
        } catch (RuntimeException | Error e) {
            first = Failures.chain(first, e);
        }
        if (failure == null) {
            Failures.rethrow(first);
        }
    }

    /** Takes no lease as argument: this method is too long for the compiler to see that it keeps none. */
    private static void leave(Region region, boolean writable, boolean riding) {
        boolean wiped;
        try {
            wiped = riding ? region.isWiped() : writable ? region.leaveWriter() : region.leaveReader();
        } catch (CanaryViolationException e) {
            region.owner().raiseCanaryAlarm();
            throw e;
        }
        if (wiped) {
            throw purged();
        }
    }

    void check() {
        if (Thread.currentThread() != thread || ended) {
            throw new IllegalStateException(
                    ended ? "the view's action has ended" : "a view is for the thread that runs its action only");
        }
    }

    private void checkWritable() {
        check();
        if (!writable) {
            throw new IllegalStateException("the view is read-only");
        }
        requireNotPurged();
    }

    @Override
    boolean isWiped() {
        return region.isWiped();
    }

    <T extends @Nullable Object, E extends Exception> T run(SecretFunction<? extends T, E> action) throws E {
        return riding ? Rides.read(this, action) : action.apply(this);
    }

    <E extends Exception> void runWriting(MutableViewConsumer<E> action) throws E {
        if (riding) {
            Rides.write(this, action);
        } else {
            action.accept(this);
        }
    }

    boolean isEnded() {
        return ended;
    }

    @Override
    int toRead(int index, int count) {
        check();
        return from + Objects.checkFromIndexSize(index, count, length);
    }

    @Override
    int toWrite(int index, int count) {
        checkWritable();
        return from + Objects.checkFromIndexSize(index, count, length);
    }

    /**
     * Checks for a purge. A purge that is not seen here comes later and wipes these bytes, except a single word that
     * may still be written behind the wiping: the release wipes that when the action ends.
     */
    @Override
    void afterWrite(int at, int count) {
        if (count > Long.BYTES) {
            VarHandle.fullFence();
        }
        if (region.isWiped()) {
            throw takenBack(at, count);
        }
        memory.written(at, count);
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public byte get(int index) {
        check();
        byte value = memory.get(from + Objects.checkIndex(index, length));
        requireNotPurged();
        return value;
    }

    @Override
    public MutableView slice(int offset, int count) {
        check();
        return new LeaseSlice(this, Objects.checkFromIndexSize(offset, count, length), count);
    }

    @Override
    public ByteBuffer asByteBuffer() {
        check();
        requireNotPurged();
        ScopedBuffer lent = scoped;
        if (lent == null) {
            StackProbe.touch();
            ScopedBuffer opened = memory.openScopedBuffer(from, length);
            lent = opened != null ? opened : region.owner().lend(region, from, length);
            scoped = lent;
        }
        requireNotPurged();
        return lent.buffer().duplicate();
    }

    @Override
    public int writeTo(WritableByteChannel channel) throws IOException {
        return writeTo(0, length, channel);
    }

    /** Writes a part of the view to a channel. */
    int writeTo(int offset, int count, WritableByteChannel channel) throws IOException {
        ByteBuffer bytes = bytesFor(channel).slice(offset, count);
        while (bytes.hasRemaining()) {
            int written = channel.write(bytes);
            requireNotPurged();
            if (written == 0) {
                throw new IOException("the channel takes no bytes; is it in non-blocking mode?");
            }
        }
        return count;
    }

    /**
     * Returns the buffer that a channel gets. Where buffers cannot be ended (Java 17 to 21), a channel of the JDK gets
     * the region's own memory: it uses the buffer during the call only, and passes it to nobody. A channel of another
     * class, which could keep the buffer, gets a lent copy.
     */
    private ByteBuffer bytesFor(WritableByteChannel channel) {
        check();
        requireNotPurged();
        boolean ofJava = channel.getClass().getModule() == ByteBuffer.class.getModule();
        if (scoped == null && ofJava) {
            StackProbe.touch();
            scoped = memory.openScopedBuffer(from, length);
        }
        return scoped == null && ofJava ? memory.readOnly(from, length) : asByteBuffer();
    }

    @Override
    public <T> T compute(int size, Computation<T> computation) {
        check();
        SealingWindow own = window;
        if (own == null || !own.canCompute(length, size)) {
            return region.owner().compute(region, size, computation);
        }
        T result = own.compute(length, size, computation);
        VarHandle.fullFence(); // Orders all reads before this ahead of a purge that is not seen here.
        requireNotPurged();
        return result;
    }

    @Override
    public @Nullable LibCrypto library() {
        return region.owner().library();
    }

    void wipe() {
        checkWritable();
        memory.wipeData(from, length);
        afterWrite(from, length);
    }

    void fillRandom() {
        checkWritable();
        memory.fillRandom(from, length);
        afterWrite(from, length);
    }

    @Override
    public String toString() {
        return "SecretView[length=" + length() + (ended ? ", ended]" : "]");
    }
}
