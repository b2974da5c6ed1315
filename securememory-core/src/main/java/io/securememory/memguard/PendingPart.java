package io.securememory.memguard;

import java.nio.ByteBuffer;

/** The part of a stream that is written to, until it is full. Callers serialize. */
final class PendingPart {

    private final MemGuard guard;
    private final LockedBuffer buffer;
    private int length;

    PendingPart(MemGuard guard, int size) {
        this.guard = guard;
        this.buffer = guard.allocate(size);
    }

    boolean isFull() {
        return length == buffer.size();
    }

    /** Appends what fits of a buffer, whose position moves over it. */
    void append(ByteBuffer source) {
        int taken = Math.min(source.remaining(), buffer.size() - length);
        ByteBuffer part = source.slice().limit(taken);
        buffer.mutate(view -> view.copyFrom(length, part));
        source.position(source.position() + taken);
        length += taken;
    }

    void copyTo(LockedBuffer target, int to) {
        buffer.<Boolean, RuntimeException>withBytes(bytes -> {
            target.mutate(view -> view.copyFrom(to, bytes, 0, length));
            return true;
        });
    }

    /** Seals what was appended and closes the buffer; a failure leaves everything as it was. */
    Enclave seal() {
        Enclave sealed = buffer.<Enclave, RuntimeException>withBytes(
                bytes -> guard.seal(length, target -> target.copyFrom(0, bytes, 0, length)));
        try {
            buffer.close();
            return sealed;
        } catch (Throwable e) {
            Failures.suppress(e, sealed::close);
            throw e;
        }
    }

    void close() {
        buffer.close();
    }
}
