package io.securememory.test.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which thread a stack belongs to, and which part of it is in use. Source: proc_pid_syscall(5), which has the stack
 * pointer of a thread that waits; of a thread that runs there is none.
 */
final class StackOwners {

    private static final Path TASKS = Path.of("/proc/self/task");

    /** The kernel cuts the names of threads. */
    private static final int LONGEST_NAME = 15;

    /**
     * A thread of the operating system.
     *
     * @param name its name
     * @param pointer its stack pointer
     */
    record Owner(String name, long pointer) {}

    private final List<Owner> owners;

    private StackOwners(List<Owner> owners) {
        this.owners = owners;
    }

    /** Knows no thread. */
    static StackOwners none() {
        return new StackOwners(List.of());
    }

    static StackOwners now() throws IOException {
        List<String> names = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .toList();
        List<Owner> owners = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(TASKS)) {
            for (Path task : tasks.toList()) {
                owner(task, names).ifPresent(owners::add);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new StackOwners(owners);
    }

    private static Optional<Owner> owner(Path task, List<String> names) {
        try {
            String[] fields = Files.readString(task.resolve("syscall")).trim().split(" ", -1);
            if (fields.length < 3) {
                return Optional.empty();
            }
            String name = Files.readString(task.resolve("comm")).trim();
            long pointer = Long.parseUnsignedLong(fields[fields.length - 2].substring(2), 16);
            return Optional.of(new Owner(whole(name, names), pointer));
        } catch (IOException e) {
            return Optional.empty(); // The thread has ended, or the kernel does not tell.
        }
    }

    private static String whole(String name, List<String> names) {
        List<String> candidates =
                names.stream().filter(whole -> whole.startsWith(name)).toList();
        return name.length() == LONGEST_NAME && candidates.size() == 1 ? candidates.get(0) : name;
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    /** Returns the thread whose stack is in a mapping. */
    Optional<Owner> of(Mapping mapping) {
        return owners.stream()
                .filter(owner -> mapping.contains(owner.pointer()))
                .findFirst();
    }
}
