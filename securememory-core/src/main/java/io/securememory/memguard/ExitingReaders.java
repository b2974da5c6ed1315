package io.securememory.memguard;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Threads that end the virtual machine inside an access ({@link System#exit}). They never leave: the end waits for the
 * shutdown hooks, one of which wipes everything and would wait for them.
 *
 * <p>Who is inside of a region is not known to others, so that an access costs nothing for it. It shows on the stack. A thread
 * whose stack cannot be seen, as those of virtual threads, counts as one that may leave.
 */
final class ExitingReaders {

    /** Each access of a thread has one of these on its stack, and is a stay unless it rides on another one. */
    private static final Set<String> ACCESSES = Set.of(
            LockedBuffer.class.getName() + ".withBytes",
            Lease.class.getName() + ".fill",
            OpenVault.class.getName() + ".inWindow",
            OpenVault.class.getName() + ".read");

    private static final Set<String> RIDES = Set.of(Rides.class.getName() + ".read", Rides.class.getName() + ".write");

    /** What a thread calls that ends the virtual machine, and does not return from. */
    private static final String EXIT = "java.lang.Shutdown.exit";

    private ExitingReaders() {}

    /** Whether so many stays are all of such threads. */
    static boolean areAllOf(int stays) {
        try {
            return stays > 0 && stays <= count(Thread.getAllStackTraces().values());
        } catch (RuntimeException | OutOfMemoryError e) {
            return false; // Then they are waited for.
        }
    }

    private static int count(Collection<StackTraceElement[]> stacks) {
        return stacks.stream()
                .map(stack -> Arrays.stream(stack).map(ExitingReaders::name).toList())
                .filter(names -> names.contains(EXIT))
                .mapToInt(ExitingReaders::stays)
                .sum();
    }

    private static String name(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName();
    }

    private static int stays(List<String> names) {
        long accesses = names.stream().filter(ACCESSES::contains).count();
        long rides = names.stream().filter(RIDES::contains).count();
        return (int) (accesses - rides);
    }
}
