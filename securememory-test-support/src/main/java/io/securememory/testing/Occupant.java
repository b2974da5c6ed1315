package io.securememory.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * A thread that stays inside an operation until it is released. It ends with its {@link Workers} in any case.
 *
 * @param <T> the type of its result
 */
public final class Occupant<T> {

    /**
     * The operation of the thread. It calls {@link Place#stay} once, where the thread must wait.
     *
     * @param <T> what it returns
     */
    @FunctionalInterface
    public interface Action<T> {
        T perform(Place place) throws Exception;
    }

    /** The point where the thread waits. */
    public static final class Place {

        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch mayLeave = new CountDownLatch(1);

        private Place() {}

        /** Returns when the thread is released. */
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

    /** Starts a thread, and returns when it is inside the operation. */
    public static <T> Occupant<T> enter(Workers workers, Action<T> action) throws ExecutionException {
        Occupant<T> occupant = new Occupant<>(workers, action);
        Await.until("a thread to be inside", () -> occupant.place.inside.getCount() == 0 || occupant.result.isDone());
        if (occupant.place.inside.getCount() > 0) {
            throw new AssertionError("ended without being inside, with " + Await.result(occupant.result));
        }
        return occupant;
    }

    /** Releases the thread without waiting for it. */
    public void letGo() {
        place.mayLeave.countDown();
    }

    /** Releases the thread and returns its result, or throws its exception, wrapped. */
    public T leave() throws ExecutionException {
        letGo();
        return Await.result(result);
    }

    /** Returns the thread's future result. */
    public Future<T> result() {
        return result;
    }
}
