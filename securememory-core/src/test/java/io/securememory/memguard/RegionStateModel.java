package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memguard.RegionState.Lifecycle;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Explores every interleaving of readers, writers, closers and purgers over the real state word, with the protocol of
 * {@link Region} taken apart into its atomic steps. A step that asks for the lock waits while another holds it.
 */
final class RegionStateModel {

    private static final int DONE = 99;

    private enum Page {
        NO_ACCESS,
        READ_ONLY,
        READ_WRITE,
        /** Writable and zeros, while readers are inside. */
        WIPED,
        FREED
    }

    /** Everything that tells one moment from another; copied before each step. */
    private record Moment(long word, int lockHolder, Page page, int releases, List<Integer> counters) {}

    private final RegionState state = new RegionState();
    private final AtomicLong word = wordOf(state);
    private final String roles;
    private final int[] counters;

    /** What the pages are while nobody is inside. */
    private final Page rest;

    private int lockHolder = -1;
    private Page page;
    private int releases;

    /**
     * One letter a thread: R reads once, W writes once, C closes, P purges without patience. A reader K makes it memory that
     * is kept open.
     */
    RegionStateModel(String roles) {
        this.roles = roles;
        this.rest = isKeptOpen() ? Page.READ_ONLY : Page.NO_ACCESS;
        this.page = rest;
        this.counters = new int[roles.length()];
    }

    private boolean isKeptOpen() {
        return roles.contains("K");
    }

    private static AtomicLong wordOf(RegionState state) {
        try {
            Field field = RegionState.class.getDeclaredField("word");
            field.setAccessible(true);
            return (AtomicLong) field.get(state);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns how many different moments there are. */
    int explore() {
        Set<Moment> seen = new HashSet<>();
        Deque<Moment> open = new ArrayDeque<>();
        open.add(moment());
        while (!open.isEmpty()) {
            Moment from = open.pop();
            if (!seen.add(from)) {
                continue;
            }
            boolean moved = false;
            for (int thread = 0; thread < counters.length; thread++) {
                restore(from);
                if (step(thread)) {
                    moved = true;
                    open.push(moment());
                }
            }
            restore(from);
            if (!moved) {
                checkEnd();
            }
        }
        return seen.size();
    }

    private Moment moment() {
        return new Moment(
                word.get(),
                lockHolder,
                page,
                releases,
                Arrays.stream(counters).boxed().toList());
    }

    private void restore(Moment moment) {
        word.set(moment.word);
        lockHolder = moment.lockHolder;
        page = moment.page;
        releases = moment.releases;
        for (int i = 0; i < counters.length; i++) {
            counters[i] = moment.counters.get(i);
        }
    }

    private void checkEnd() {
        assertThat(counters).as("nobody waits for ever: %s", state).containsOnly(DONE);
        assertThat(lockHolder).isEqualTo(-1);
        assertThat(state.isIdle()).isTrue();
        boolean closed = roles.contains("C") || roles.contains("P");
        assertThat(page).isEqualTo(closed ? Page.FREED : rest);
        assertThat(releases).isEqualTo(closed ? 1 : 0);
        assertThat(state.lifecycle()).isEqualTo(closed ? Lifecycle.FREED : Lifecycle.OPEN);
    }

    /** Takes one atomic step of a thread; false if it is done or has to wait. */
    private boolean step(int thread) {
        int counter = counters[thread];
        if (counter == DONE) {
            return false;
        }
        int next = switch (roles.charAt(thread)) {
            case 'C', 'P' -> closerStep(thread, counter);
            case 'W' -> writerStep(thread, counter);
            default -> readerStep(thread, counter);
        };
        counters[thread] = next;
        return next != counter;
    }

    private int readerStep(int thread, int counter) {
        return switch (counter) {
            case 0 -> isKeptOpen() && state.tryEnterAlone() ? 7 : 1;
            case 1 -> state.enter() ? 7 : 2;
            case 2 -> state.isOpen() ? 14 : 8;
            case 14 -> state.isReadable() ? 7 : 3;
            case 3 -> lock(thread) ? 4 : 3;
            case 4 -> underLock();
            case 5 -> {
                page = Page.READ_ONLY;
                yield 6;
            }
            case 6 -> {
                state.beginReading();
                yield unlock(7);
            }
            case 7 -> look();
            default -> leavingStep(thread, counter);
        };
    }

    /** A reader that is counted and has the lock. */
    private int underLock() {
        if (state.hasWriter()) {
            return unlock(3);
        }
        if (!state.isOpen()) {
            return unlock(8);
        }
        return state.isIdle() ? 5 : unlock(7);
    }

    /** A reader that is inside. */
    private int look() {
        assertThat(page).as("what a reader inside finds: %s", state).isIn(Page.READ_ONLY, Page.WIPED);
        assertThat(state.hasWriter()).isFalse();
        return page == Page.WIPED ? 13 : 8;
    }

    private int leavingStep(int thread, int counter) {
        return switch (counter) {
            case 8 -> isKeptOpen() && state.tryLeaveAlone() ? DONE : 9;
            case 9, 13 -> {
                long left = state.leave();
                assertThat(RegionState.isWiped(left))
                        .as("who has seen zeros knows")
                        .isIn(true, counter == 13);
                yield RegionState.isLast(left) ? 10 : DONE;
            }
            case 10 -> lock(thread) ? 11 : 10;
            case 11 -> state.tryEndReading() ? 12 : unlock(DONE);
            case 12 -> settle();
            default -> throw new IllegalStateException("step " + counter);
        };
    }

    private int settle() {
        if (state.lifecycle() == Lifecycle.CLOSING) {
            release();
        } else {
            page = rest;
        }
        return unlock(DONE);
    }

    private int writerStep(int thread, int counter) {
        return switch (counter) {
            case 0 -> lock(thread) ? 1 : 0;
            case 1 -> {
                if (!state.isOpen()) {
                    yield unlock(DONE);
                }
                yield state.isIdle() ? 2 : unlock(6);
            }
            case 2 -> {
                page = Page.READ_WRITE;
                yield 3;
            }
            case 3 -> {
                assertThat(state.tryEnterWriter()).isTrue();
                yield unlock(4);
            }
            case 4 -> {
                assertThat(page).as("what a writer finds: %s", state).isIn(Page.READ_WRITE, Page.WIPED);
                yield 5;
            }
            case 5 -> lock(thread) ? 7 : 5;
            case 6 -> lockHolder == -1 && state.isIdle() ? 0 : 6;
            case 7 -> {
                state.leaveWriter();
                yield settle();
            }
            default -> throw new IllegalStateException("step " + counter);
        };
    }

    /** Closes, and waits for who is inside; or purges, and wipes under their eyes. */
    private int closerStep(int thread, int counter) {
        return switch (counter) {
            case 0 -> lock(thread) ? 1 : 0;
            case 1 -> {
                if (state.lifecycle() == Lifecycle.FREED) {
                    yield unlock(DONE);
                }
                state.moveTo(Lifecycle.CLOSING);
                yield 2;
            }
            case 2 -> {
                if (state.isIdle()) {
                    release();
                    yield unlock(DONE);
                }
                if (roles.charAt(thread) == 'C') {
                    yield unlock(3);
                }
                state.markWiped();
                yield 4;
            }
            case 3 -> lockHolder == -1 && state.isIdle() ? DONE : 3;
            case 4 -> {
                page = Page.WIPED;
                yield unlock(DONE);
            }
            default -> throw new IllegalStateException("step " + counter);
        };
    }

    private void release() {
        assertThat(page).as("released once").isNotEqualTo(Page.FREED);
        page = Page.FREED;
        releases++;
        state.moveTo(Lifecycle.FREED);
    }

    private boolean lock(int thread) {
        if (lockHolder != -1) {
            return false;
        }
        lockHolder = thread;
        return true;
    }

    private int unlock(int next) {
        lockHolder = -1;
        return next;
    }
}
