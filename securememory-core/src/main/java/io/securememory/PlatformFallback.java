package io.securememory;

/** What happens on an operating system or processor whose memory calls this library does not know. */
public enum PlatformFallback {
    /** Opening a session fails with {@link UnsupportedPlatformException}. */
    REFUSE,
    /**
     * For a developer's machine. All secrets are sealed, also those of storage {@link Storage#PROTECTED}. The key, secrets
     * while they are read, and buffers of {@link SecureMemory#memGuard()} are in ordinary memory outside the heap: it can be
     * swapped, is in core dumps, and has no guard pages. One warning is logged for each session. Has no effect on a platform
     * that is known: there, everything works as usual, or fails with a remedy.
     */
    SEALED_ONLY
}
