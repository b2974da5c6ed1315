package io.securememory;

import io.securememory.memguard.LockedBuffer;
import io.securememory.testing.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Ends the virtual machine inside of an access, in a session whose readers have more time than any test. */
final class ExitInside {

    private static final Duration CLOSE_TIMEOUT = Duration.ofHours(1);

    /** How long the other reader goes on after the close has begun: longer than it takes to look for those that exit. */
    private static final Duration SLOW = Duration.ofMillis(300);

    /** What the thread is inside of. */
    enum Access {
        PROTECTED,
        SEALED,
        BUFFER,
        FILLER,
        NESTED,
        NESTED_WRITER
    }

    /** How it ends everything. */
    enum Way {
        EXIT,
        SAFE_EXIT
    }

    private final SecureMemory session = SecureMemory.create(SecureMemoryOptions.builder()
            .shutdownHook(true)
            .closeTimeout(CLOSE_TIMEOUT)
            .build());
    private final Secret guarded = session.secrets(Storage.PROTECTED).createRandom(32);
    private final Secret sealed = session.secrets(Storage.SEALED).createRandom(32);

    private ExitInside() {}

    public static void main(String[] arguments) throws Exception {
        ExitInside program = new ExitInside();
        if (arguments.length > 2) {
            program.startAnotherReader();
        }
        program.endInside(Access.valueOf(arguments[0]), Way.valueOf(arguments[1]));
        System.out.println("survived");
    }

    private void startAnotherReader() {
        Secret read = session.secrets(Storage.SEALED).create(new byte[] {1, 2, 3});
        CountDownLatch inside = new CountDownLatch(1);
        Thread reader = new Thread(() -> {
            int sum = read.withBytes(view -> {
                inside.countDown();
                Await.until("the close", guarded::isClosed);
                long end = System.nanoTime() + SLOW.toNanos();
                while (System.nanoTime() - end < 0) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
                return view.get(0) + view.get(1) + view.get(2);
            });
            System.out.println("the other reader has read the whole secret: " + (sum == 6));
        });
        reader.start();
        Await.open("the other reader", inside);
    }

    private void endInside(Access access, Way way) {
        switch (access) {
            case PROTECTED -> guarded.withBytes(view -> end(way));
            case SEALED -> sealed.withBytes(view -> end(way));
            case BUFFER -> session.memGuard().allocate(32).mutate(view -> end(way));
            case NESTED_WRITER -> {
                LockedBuffer buffer = session.memGuard().allocate(32);
                buffer.mutate(view -> buffer.mutate(again -> end(way)));
            }
            case FILLER -> session.memGuard().seal(32, view -> end(way));
            case NESTED -> guarded.withBytes(view -> sealed.withBytes(inner -> guarded.withBytes(again -> end(way))));
        }
    }

    private static int end(Way way) {
        if (way == Way.SAFE_EXIT) {
            SecureMemory.safeExit(7);
        }
        System.exit(7);
        return 0;
    }
}
