package io.securememory.memguard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/** A view of a part of a lease's view. It is valid for as long as the lease is. */
final class LeaseSlice extends WordView {

    private final Lease lease;

    /** Where this view begins in the lease's view. */
    private final int from;

    private final int length;

    LeaseSlice(Lease lease, int from, int length) {
        this.lease = lease;
        this.from = from;
        this.length = length;
    }

    /** Returns the offset in the lease's view of bytes of this view. */
    private int within(int index, int count) {
        lease.check();
        return from + Objects.checkFromIndexSize(index, count, length);
    }

    @Override
    RegionData memory() {
        return lease.memory();
    }

    @Override
    int toRead(int index, int count) {
        return lease.toRead(within(index, count), count);
    }

    @Override
    boolean isWiped() {
        return lease.isWiped();
    }

    @Override
    int toWrite(int index, int count) {
        return lease.toWrite(within(index, count), count);
    }

    @Override
    void afterWrite(int at, int count) {
        lease.afterWrite(at, count);
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public byte get(int index) {
        return lease.get(within(index, 1));
    }

    @Override
    public MutableView slice(int offset, int count) {
        return new LeaseSlice(lease, within(offset, count), count);
    }

    @Override
    public ByteBuffer asByteBuffer() {
        return lease.asByteBuffer().slice(from, length);
    }

    @Override
    public int writeTo(WritableByteChannel channel) throws IOException {
        return lease.writeTo(from, length, channel);
    }

    @Override
    public String toString() {
        return "SecretView[length=" + length + (lease.isEnded() ? ", ended]" : "]");
    }
}
