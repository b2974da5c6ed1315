package io.securememory.test.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.test.search.StackOwners.Owner;
import io.securememory.testing.Await;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The stacks of threads that wait are known by the names of the threads. */
class StackOwnersTest {

    /** Longer than the kernel's names. */
    private static final String NAME = "a-thread-with-a-long-name";

    @Test
    void aStackHasTheWholeNameOfItsThread() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> Await.until("the end", () -> end.getCount() == 0), NAME);
        thread.start();
        try {
            Owner owner = Await.value("the stack of a thread that waits", () -> owner(NAME));

            assertThat(owner.pointer()).isNotZero();
        } finally {
            end.countDown();
            thread.join();
        }
        assertThat(owner(NAME)).isEmpty();
    }

    private static Optional<Owner> owner(String name) throws Exception {
        StackOwners owners = StackOwners.now();
        List<Mapping> mappings = Mapping.all();
        return mappings.stream()
                .flatMap(mapping -> owners.of(mapping).stream())
                .filter(owner -> owner.name().equals(name))
                .findFirst();
    }

    @Test
    void nobodyOwnsAnythingWhereThreadsAreNotListed() throws Exception {
        StackOwners none = StackOwners.none();

        assertThat(Mapping.all()).noneMatch(mapping -> none.of(mapping).isPresent());
    }
}
