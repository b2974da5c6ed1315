package io.securememory.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * A thread that is inside something until it is let go. It ends with its {@link Workers} in any case.
 *
 * @param <T> what it returns
 */
public final class Occupant<T> {

    /**
     * What the thread does. It calls {@link Place#stay} once, from where it has to be.
     *
     * @param <T> what it returns
     */
    @FunctionalInterface
    public interface Action<T> {
        T perform(Place place) throws Exception;
    }

    /** Where the thread stays. */
    public static final class Place {

        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch mayLeave = new CountDownLatch(1);

        private Place() {}

        /** Returns when the thread is let go. */
        public void stay() {
            inside.countDown();
            Await.open("the end of a stay", mayLeave);
        }
    }

    private final Place place = new Place();
    private final Future<T> result;

    private Occupant(Workers workers, Action<T> action) {
        result = workers.submit(() -> action.perform(place));
    }

    /** Returns when the thread is inside. */
    public static <T> Occupant<T> enter(Workers workers, Action<T> action) throws ExecutionException {
        Occupant<T> occupant = new Occupant<>(workers, action);
        Await.until("a thread to be inside", () -> occupant.place.inside.getCount() == 0 || occupant.result.isDone());
        if (occupant.place.inside.getCount() > 0) {
            throw new AssertionError("ended without being inside, with " + Await.result(occupant.result));
        }
        return occupant;
    }

    /** Lets the thread go without waiting for it. */
    public void letGo() {
        place.mayLeave.countDown();
    }

    /** Lets the thread go and returns what it gave, or throws what it threw, wrapped. */
    public T leave() throws ExecutionException {
        letGo();
        return Await.result(result);
    }

    /** What comes of it. */
    public Future<T> result() {
        return result;
    }
}
