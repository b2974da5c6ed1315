package io.securememory.memguard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/** A part of what a lease shows, which lives and dies with the lease. */
final class LeaseSlice extends WordView {

    private final Lease lease;

    /** Where in the lease's view this one begins. */
    private final int from;

    private final int length;

    LeaseSlice(Lease lease, int from, int length) {
        this.lease = lease;
        this.from = from;
        this.length = length;
    }

    /** Where in the lease's view bytes of this one are. */
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
