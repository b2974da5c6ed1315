package io.securememory.memguard;

import io.securememory.CanaryViolationException;
import io.securememory.SecretClosedException;
import io.securememory.SecretView;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import io.securememory.memguard.internal.Computation;
import io.securememory.memguard.internal.ComputingView;
import io.securememory.memguard.internal.StackProbe;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thread's stay inside a region, and the view that its action gets.
 *
 * <p>A lease on a region that the thread is inside already rides on the outer one and does not touch the region's state.
 * A view that outlives its action stays dead: a lease is never used again.
 *
 * <p>A purge may wipe the region under the action. It marks the region first, so what was read is whole if there is no mark
 * after the reading: every method looks then, and takes back what it gave.
 */
final class Lease implements MutableView, ComputingView {

    private final GuardedRegion region;
    private final RegionMemory memory;

    /** The part of the data that the view shows. */
    private final int from;

    private final int length;
    private final Thread thread = Thread.currentThread();
    private final boolean writable;
    private final boolean riding;

    /** Read and written by the lease's own thread only. */
    private boolean ended;

    private @Nullable ScopedBuffer scoped;

    private Lease(GuardedRegion region, int from, int length, boolean writable, boolean riding) {
        this.region = region;
        this.memory = region.memory();
        this.from = from;
        this.length = length;
        this.writable = writable;
        this.riding = riding;
    }

    /** Enters a region for reading. The caller ends the lease. */
    static Lease read(GuardedRegion region) {
        StackProbe.touch();
        return read(region, region, 0, region.size());
    }

    /**
     * As {@link #read(GuardedRegion)}, on behalf of something else and with a view of a part of the data, for a caller that
     * has made sure of the stack.
     */
    static Lease read(GuardedRegion region, Object subject, int from, int length) {
        @Nullable Object[] stays = Stays.withRoom();
        boolean riding = Stays.isInside(stays, region);
        Lease lease = new Lease(region, from, length, false, riding);
        if (riding) {
            region.requireOpen();
        } else {
            region.enterReader();
        }
        Stays.push(stays, region, subject, false);
        return lease;
    }

    /** Enters a region for writing. The caller ends the lease. */
    static Lease write(GuardedRegion region) {
        StackProbe.touch();
        return write(region, 0, region.size());
    }

    /** As above, with a view of a part of the data, for a caller that has made sure of the stack. */
    static Lease write(GuardedRegion region, int from, int length) {
        @Nullable Object[] stays = Stays.withRoom();
        boolean riding = Stays.isInside(stays, region);
        if (riding && !Stays.isWriting(region)) {
            throw new IllegalStateException("a buffer cannot be written inside a read action on the same thread");
        }
        Lease lease = new Lease(region, from, length, true, riding);
        if (riding) {
            region.requireOpen();
        } else {
            region.enterWriter();
        }
        Stays.push(stays, region, region, true);
        return lease;
    }

    GuardedRegion region() {
        return region;
    }

    RegionMemory memory() {
        return memory;
    }

    /** Where in the memory's data the view begins. */
    int from() {
        return from;
    }

    /**
     * Leaves the region; every step is attempted. The failures are added to what the action failed with, if it did.
     */
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

    /** Not of an object: this is too long for a compiler to see that it keeps none. */
    private static void leave(GuardedRegion region, boolean writable, boolean riding) {
        boolean wiped;
        try {
            wiped = riding ? region.isWiped() : writable ? region.leaveWriter() : region.leaveReader();
        } catch (CanaryViolationException e) {
            region.group().raiseCanaryAlarm();
            throw e;
        }
        if (wiped) {
            throw purged();
        }
    }

    private static SecretClosedException purged() {
        return new SecretClosedException("The secret was purged while it was being used; the result is void.");
    }

    private void check() {
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

    /** After reading. */
    void requireNotPurged() {
        if (region.isWiped()) {
            throw purged();
        }
    }

    /** After writing: what a purge that is not seen here wipes, it wipes later. */
    private void requireNotWiped(int at, int count) {
        VarHandle.fullFence();
        if (region.isWiped()) {
            throw takenBack(at, count);
        }
    }

    /** Wipes again what was written to a region that a purge had wiped, or from one. */
    private SecretClosedException takenBack(int at, int count) {
        memory.wipeData(at, count);
        return purged();
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
    public void copyTo(int offset, byte[] target, int targetOffset, int count) {
        check();
        Objects.checkFromIndexSize(offset, count, length);
        Objects.checkFromIndexSize(targetOffset, count, target.length);
        memory.copyOut(from + offset, target, targetOffset, count);
        if (region.isWiped()) {
            Arrays.fill(target, targetOffset, targetOffset + count, (byte) 0);
            throw purged();
        }
    }

    @Override
    public int copyTo(ByteBuffer target) {
        check();
        int count = Math.min(target.remaining(), length);
        int to = target.position();
        memory.copyOut(from, target, to, count);
        if (region.isWiped()) {
            MemGuard.wipe(target.slice(to, count));
            throw purged();
        }
        target.position(to + count);
        return count;
    }

    @Override
    public ByteBuffer asByteBuffer() {
        check();
        requireNotPurged();
        if (scoped == null) {
            StackProbe.touch();
            ScopedBuffer opened = memory.openScopedBuffer(from, length);
            scoped = opened != null ? opened : region.windows().lend(region, from, length);
        }
        return scoped.buffer().duplicate();
    }

    @Override
    public boolean contentEquals(byte[] other) {
        check();
        boolean same = other.length == length && memory.contentEquals(from, other);
        requireNotPurged();
        return same;
    }

    @Override
    public int writeTo(WritableByteChannel channel) throws IOException {
        ByteBuffer bytes = asByteBuffer();
        while (bytes.hasRemaining()) {
            int written = channel.write(bytes);
            requireNotPurged();
            if (written == 0) {
                throw new IOException("the channel takes no bytes; is it in non-blocking mode?");
            }
        }
        return length;
    }

    @Override
    public void put(int index, byte value) {
        checkWritable();
        int at = from + Objects.checkIndex(index, length);
        memory.put(at, value);
        if (region.isWiped()) { // No fence for each byte: one that slips in behind the wiping goes with the action.
            throw takenBack(at, 1);
        }
    }

    @Override
    public void copyFrom(int offset, byte[] source, int sourceOffset, int count) {
        checkWritable();
        Objects.checkFromIndexSize(offset, count, length);
        Objects.checkFromIndexSize(sourceOffset, count, source.length);
        memory.copyIn(from + offset, source, sourceOffset, count);
        requireNotWiped(from + offset, count);
    }

    @Override
    public void copyFrom(int offset, ByteBuffer source) {
        checkWritable();
        int count = source.remaining();
        Objects.checkFromIndexSize(offset, count, length);
        memory.copyIn(from + offset, source, source.position(), count);
        requireNotWiped(from + offset, count);
        source.position(source.limit());
    }

    @Override
    public void copyFrom(int offset, SecretView source, int sourceOffset, int count) {
        checkWritable();
        if (!(source instanceof Lease other)) {
            throw new IllegalArgumentException("the source is not a view of this library");
        }
        other.check();
        Objects.checkFromIndexSize(offset, count, length);
        Objects.checkFromIndexSize(sourceOffset, count, other.length);
        memory.copyIn(from + offset, other.memory, other.from + sourceOffset, count);
        if (other.region.isWiped()) {
            throw takenBack(from + offset, count);
        }
        requireNotWiped(from + offset, count);
    }

    @Override
    public <T> T compute(int size, Computation<T> computation) {
        check();
        return region.group().compute(size, computation);
    }

    void wipe() {
        checkWritable();
        memory.wipeData(from, length);
    }

    void fillRandom() {
        checkWritable();
        memory.fillRandom(from, length);
        requireNotWiped(from, length);
    }

    @Override
    public String toString() {
        return "SecretView[length=" + length() + (ended ? ", ended]" : "]");
    }
}
