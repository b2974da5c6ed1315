package io.securememory.memguard;

import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all sessions of the process share: the count of locked bytes, the count of mappings, and idle memory, which
 * gives way to a session that needs memory.
 *
 * <p>There is one account for all users of this process' operating system calls, and one for each other {@link
 * MemCall}, which has separate limits. Refers to sessions weakly.
 *
 * <p>Lock order: no lock is held while a session gives way.
 */
final class ProcessAccount {

    /** What gives way, one step after the other, until there is room. */
    enum Step {
        /** The idle pages of the session that asks. */
        OWN_PAGES,
        /** Its idle windows. */
        OWN_WINDOWS,
        /** The idle pages of all other sessions. */
        OTHER_PAGES,
        /** Their idle windows. */
        OTHER_WINDOWS;

        boolean isOfOthers() {
            return this == OTHER_PAGES || this == OTHER_WINDOWS;
        }
    }

    /** Idle pages of one session. */
    interface IdleSource {
        /** Gives up all idle pages. Returns how many were unmapped. */
        int drain();

        /**
         * Gives up all idle pages for another session.
         *
         * @param lockedOnly whether locked bytes are needed, so that unlocked memory is of no use
         * @return upper bound of the bytes that were unmapped
         */
        long giveUpIdle(boolean lockedOnly);
    }

    /** One session, whose idle memory can give way. */
    interface Member {
        IdleSource pages();

        /**
         * Gives up idle windows, for this session or another one.
         *
         * @param bytes how many bytes are needed
         * @param lockedOnly whether locked bytes are needed, so that unlocked memory is of no use
         * @return bytes that were given up
         */
        long giveUpWindows(long bytes, boolean lockedOnly);
    }

    private static final ProcessAccount OF_THIS_PROCESS = new ProcessAccount();

    /** The accounts of other {@link MemCall}s. Guarded by itself. */
    private static final Map<MemCall, WeakReference<ProcessAccount>> OTHERS = new WeakHashMap<>();

    private final Set<Member> members = Collections.newSetFromMap(new WeakHashMap<>());
    private final MappingBudget mappings = new MappingBudget();
    private final AtomicLong locked = new AtomicLong();
    private final AtomicLong returns = new AtomicLong();
    private final List<Runnable> hungry = new CopyOnWriteArrayList<>();

    private ProcessAccount() {}

    static ProcessAccount of(MemCall memCall) {
        if (MemCalls.isOfThisProcess(memCall)) {
            return OF_THIS_PROCESS;
        }
        synchronized (OTHERS) {
            WeakReference<ProcessAccount> known = OTHERS.get(memCall);
            ProcessAccount account = known == null ? null : known.get();
            if (account == null) {
                account = new ProcessAccount();
                OTHERS.put(memCall, new WeakReference<>(account));
            }
            return account;
        }
    }

    void add(Member member) {
        synchronized (members) {
            members.add(member);
        }
    }

    private List<Member> members() {
        synchronized (members) {
            return List.copyOf(members);
        }
    }

    MappingBudget mappings() {
        return mappings;
    }

    /** The number of bytes that are locked or about to be. */
    AtomicLong locked() {
        return locked;
    }

    /** How often used pages came back. A thread that was refused pages and finds that this has changed tries again. */
    long returns() {
        return returns.get();
    }

    /** Called when used pages became idle or were unmapped. */
    void returned() {
        returns.incrementAndGet();
        announce();
    }

    /** Called when a window became idle. Wakes threads that found no pages anywhere. */
    void announce() {
        if (!hungry.isEmpty()) {
            hungry.forEach(Runnable::run);
        }
    }

    /** Adds an action that runs when memory becomes idle in any session, until {@link #removeHungry}. */
    void addHungry(Runnable who) {
        hungry.add(who);
    }

    void removeHungry(Runnable who) {
        hungry.remove(who);
    }

    /**
     * Makes idle memory give way.
     *
     * @param asking the pages of the session that needs memory
     * @param bytes how many bytes it needs
     * @param lockedOnly whether locked bytes are needed, so that unlocked memory is of no use
     */
    void giveWay(Step step, IdleSource asking, long bytes, boolean lockedOnly) {
        if (step == Step.OWN_PAGES) {
            asking.drain(); // Also if it belongs to no session.
            return;
        }
        long left = bytes;
        for (Member member : members()) {
            boolean own = member.pages() == asking;
            if (own == step.isOfOthers() || left <= 0) {
                continue;
            }
            left -= step == Step.OTHER_PAGES
                    ? member.pages().giveUpIdle(lockedOnly)
                    : member.giveUpWindows(left, lockedOnly);
        }
    }
}
