package io.securememory.memguard;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Finds threads that end the JVM inside an access ({@link System#exit}). They never leave: exit waits for the shutdown
 * hooks, and one of these wipes everything and would wait for them.
 *
 * <p>No list of threads inside a region is kept, so that an access costs nothing for it. The stacks show it. A thread
 * whose stack cannot be seen, such as a virtual thread, counts as one that may leave.
 */
final class ExitingReaders {

    /** Each access has one of these methods on the stack. It is a stay, unless it rides on another access. */
    private static final Set<String> ACCESSES = Set.of(
            LockedBuffer.class.getName() + ".withBytes",
            Lease.class.getName() + ".fill",
            OpenVault.class.getName() + ".inWindow",
            OpenVault.class.getName() + ".read");

    private static final Set<String> RIDES = Set.of(Rides.class.getName() + ".read", Rides.class.getName() + ".write");

    /** The method that a thread calls to end the JVM. It does not return. */
    private static final String EXIT = "java.lang.Shutdown.exit";

    private ExitingReaders() {}

    /** Whether all stays, which are this many, are of such threads. */
    static boolean areAllOf(int stays) {
        try {
            return stays > 0 && stays <= count(Thread.getAllStackTraces().values());
        } catch (RuntimeException | OutOfMemoryError e) {
            return false; // Then the purge waits for them.
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
