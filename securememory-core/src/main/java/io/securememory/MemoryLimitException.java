package io.securememory;

/**
 * Memory could not be locked, because the process or the session has locked as much as it may.
 *
 * <p>Nothing that existed before is touched by the failed request: other secrets stay readable.
 */
public final class MemoryLimitException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    private static final String REMEDY =
            "Raise the limit: Docker: --ulimit memlock=-1:-1; Docker Compose: ulimits.memlock;"
                    + " Kubernetes: add the capability IPC_LOCK (securityContext.capabilities.add) or raise the node runtime's"
                    + " memlock limit, a pod has no field for it; systemd: LimitMEMLOCK=infinity; shell: ulimit -l."
                    + " Or set the lock policy to best-effort to go on with memory that may be swapped.";

    /** Bytes that were to be locked. */
    private final long requestedBytes;

    /** Bytes that were locked already. */
    private final long lockedBytes;

    /** Limit in bytes. */
    private final long limitBytes;

    /** Error number of the operating system, or 0. */
    private final int errno;

    /**
     * Creates an exception for one refused request.
     *
     * @param requestedBytes how many bytes were to be locked, in whole pages
     * @param lockedBytes how many bytes were locked already
     * @param limitBytes how many bytes may be locked, or -1 when no limit is known
     * @param errno the operating system's error number, or 0 when the request was refused before the call
     */
    public MemoryLimitException(long requestedBytes, long lockedBytes, long limitBytes, int errno) {
        super("Cannot lock " + requestedBytes + " more bytes of memory: " + lockedBytes
                + " bytes are locked, the limit is "
                + (limitBytes < 0 ? "unknown" : limitBytes + " bytes") + (errno == 0 ? "" : " (errno " + errno + ")")
                + ". " + REMEDY);
        this.requestedBytes = requestedBytes;
        this.lockedBytes = lockedBytes;
        this.limitBytes = limitBytes;
        this.errno = errno;
    }

    /**
     * Returns how many bytes were to be locked.
     *
     * @return bytes, in whole pages
     */
    public long requestedBytes() {
        return requestedBytes;
    }

    /**
     * Returns how many bytes were locked when the request was refused: by the session if its own limit was reached, or else by
     * all sessions of the process or all that it has locked.
     *
     * @return bytes
     */
    public long lockedBytes() {
        return lockedBytes;
    }

    /**
     * Returns the limit that was reached.
     *
     * @return bytes, or -1 when no limit is known
     */
    public long limitBytes() {
        return limitBytes;
    }

    /**
     * Returns the operating system's error number.
     *
     * @return the error number, or 0 when the request was refused before the call
     */
    public int errno() {
        return errno;
    }

    /**
     * Returns what an operator can do.
     *
     * @return sentences that name the setting for Docker, Kubernetes, systemd and a shell
     */
    public String remedy() {
        return REMEDY;
    }
}
