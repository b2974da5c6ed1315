package io.securememory.memguard;

import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/** The child of {@link LentWithoutCollectionTest}: lends more than there may be, with buffers that are dropped or kept. */
final class LentWithoutCollectionProgram {

    /** Each copy has a page of its own. */
    private static final int LENGTH = 4_000;

    private static final int BOUND = 4_096;

    private static final int ACCESSES = 5_000;

    private LentWithoutCollectionProgram() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        MemGuard guard = MemGuard.create(MemCalls.lookup(NativeAccess.JNA), MemGuardOptions.DEFAULTS);
        LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(LENGTH));
        if (arguments[0].equals("dropped")) {
            for (int i = 0; i < ACCESSES; i++) {
                int last = buffer.withBytes(view -> (int) view.asByteBuffer().get(LENGTH - 1));
                require(last == LockedBufferContract.pattern(LENGTH)[LENGTH - 1]);
            }
        } else {
            keepAll(buffer);
        }
        WritableByteChannel channel = Channels.newChannel(OutputStream.nullOutputStream());
        for (int i = 0; i < ACCESSES; i++) {
            int written = buffer.withBytes(view -> view.writeTo(channel));
            require(written == LENGTH);
        }
        guard.shutDown();
        System.out.println("done");
    }

    @SuppressWarnings("SystemOut")
    private static void keepAll(LockedBuffer buffer) {
        List<ByteBuffer> kept = new ArrayList<>();
        try {
            for (int i = 0; i <= BOUND; i++) {
                kept.add(buffer.withBytes(view -> view.asByteBuffer()));
            }
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        require(kept.size() == BOUND);
        kept.forEach(each -> require(each.equals(ByteBuffer.allocate(LENGTH))));
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("not as it must be");
        }
    }
}
