package io.securememory.report;

import io.securememory.memguard.LockPolicy;

/**
 * The protections that a session asks for.
 *
 * @param lockPolicy what happens when memory cannot be locked
 * @param noCoreDumps whether core dumps of the process were disabled when the session was opened
 * @param secretMemory whether pages are to be hidden from the kernel
 */
public record AskedFor(LockPolicy lockPolicy, boolean noCoreDumps, SecretMemory secretMemory) {

    /** What became of the wish for memory that the kernel cannot read. */
    public enum SecretMemory {
        /** There was no such wish. */
        NOT_ASKED_FOR,
        /** The operating system refused it when the session was opened, so that anonymous memory is used instead. */
        REFUSED,
        /** The session uses such memory for everything that it locks. */
        IN_USE
    }

    boolean locks() {
        return lockPolicy != LockPolicy.OFF;
    }

    /** Pages are hidden only if they may be locked, because hidden pages are. */
    boolean hides() {
        return secretMemory == SecretMemory.IN_USE && locks();
    }
}
