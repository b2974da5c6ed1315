package io.securememory.memguard;

import java.nio.ByteBuffer;

/** The part of a stream that is written to until it is full. Does not synchronize: callers do. */
final class PendingPart {

    private final LockedBuffer buffer;
    private int length;

    PendingPart(Vault vault, int size) {
        this.buffer = vault.allocate(size);
    }

    boolean isEmpty() {
        return length == 0;
    }

    boolean isFull() {
        return length == buffer.size();
    }

    /** Appends as many bytes of a buffer as fit. Its position moves past them. */
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

    /** Seals what was appended. This part stays open; the caller closes it. */
    Enclave seal() {
        return buffer.sealed(length);
    }

    void close() {
        buffer.close();
    }
}
