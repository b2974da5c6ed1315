package io.securememory;

/**
 * No more protected memory is available: the process or the session has reached its limit of locked bytes or of memory
 * mappings.
 *
 * <p>The failed request touches nothing that existed before: other secrets stay readable.
 */
public final class MemoryLimitException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    private static final String REMEDY_LOCK =
            "Raise the limit: Docker: --ulimit memlock=-1:-1; Docker Compose: ulimits.memlock;"
                    + " Kubernetes: raise the node runtime's memlock limit, a pod has no field for it, or, for root only,"
                    + " add the capability IPC_LOCK (securityContext.capabilities.add); systemd: LimitMEMLOCK=infinity; shell: ulimit -l."
                    + " Or set the lock policy to best-effort to go on with memory that may be swapped.";

    private static final String REMEDY_MAPPINGS =
            "Raise the limit where the kernel runs, which for a container is its host or node: sysctl -w"
                    + " vm.max_map_count=262144, and in /etc/sysctl.d to keep it. Or use storage sealed, of which a"
                    + " secret needs no mapping, or close secrets that are no longer needed.";

    /** The limit that was reached. */
    public enum Kind {
        /** Bytes that may be locked. */
        LOCKED_BYTES,
        /** Mappings that the process may have ({@code vm.max_map_count}). */
        MAPPINGS
    }

    /** The limit that was reached. */
    private final Kind kind;

    /** What an operator can do. */
    private final String remedy;

    /** Bytes that were to be locked. */
    private final long requestedBytes;

    /** Bytes that were locked already. */
    private final long lockedBytes;

    /** Limit in bytes. */
    private final long limitBytes;

    /** Error number of the operating system, or 0. */
    private final int errno;

    /** Mappings that the process had. */
    private final long mappings;

    /** Mappings that the process may have. */
    private final long mappingLimit;

    /**
     * Creates an exception for one refused request of locked bytes, with a remedy for Linux.
     *
     * @param requestedBytes how many bytes were to be locked, in whole pages
     * @param lockedBytes how many bytes were locked already
     * @param limitBytes how many bytes may be locked, or -1 when no limit is known
     * @param errno the operating system's error number, or 0 when the request was refused before the call
     */
    public MemoryLimitException(long requestedBytes, long lockedBytes, long limitBytes, int errno) {
        this(requestedBytes, lockedBytes, limitBytes, errno, REMEDY_LOCK);
    }

    private MemoryLimitException(long requestedBytes, long lockedBytes, long limitBytes, int errno, String remedy) {
        super("Cannot lock " + requestedBytes + " more bytes of memory: "
                + (lockedBytes < 0 ? "" : lockedBytes + " bytes are locked, ") + "the limit is "
                + (limitBytes < 0 ? "unknown" : limitBytes + " bytes") + (errno == 0 ? "" : " (errno " + errno + ")")
                + ". " + remedy);
        this.kind = Kind.LOCKED_BYTES;
        this.remedy = remedy;
        this.requestedBytes = requestedBytes;
        this.lockedBytes = lockedBytes;
        this.limitBytes = limitBytes;
        this.errno = errno;
        this.mappings = -1;
        this.mappingLimit = -1;
    }

    /**
     * Creates an exception for one refused request of locked bytes.
     *
     * @param requestedBytes how many bytes were to be locked, in whole pages
     * @param lockedBytes how many bytes were locked already, or -1 if that is not known
     * @param limitBytes how many bytes may be locked, or -1 when no limit is known
     * @param errno the operating system's error number, or 0 when the request was refused before the call
     * @param remedy whole sentences that say how to raise the limit of this operating system
     * @return the exception, which the caller throws
     */
    public static MemoryLimitException ofLock(
            long requestedBytes, long lockedBytes, long limitBytes, int errno, String remedy) {
        return new MemoryLimitException(requestedBytes, lockedBytes, limitBytes, errno, remedy);
    }

    /**
     * Returns how the limit of locked bytes is raised on Linux.
     *
     * @return whole sentences
     */
    public static String remedyOnLinux() {
        return REMEDY_LOCK;
    }

    private MemoryLimitException(long requestedBytes, long mappings, long mappingLimit, String message) {
        super(message);
        this.kind = Kind.MAPPINGS;
        this.remedy = REMEDY_MAPPINGS;
        this.requestedBytes = requestedBytes;
        this.lockedBytes = -1;
        this.limitBytes = -1;
        this.errno = 0;
        this.mappings = mappings;
        this.mappingLimit = mappingLimit;
    }

    /**
     * Creates an exception for one refused request of mappings.
     *
     * @param requestedBytes how many bytes were to be mapped, in whole pages
     * @param mappings upper bound of how many mappings the process has
     * @param mappingLimit how many it may have
     * @param reserve how many of these are kept free for the rest of the process
     * @return the exception, which the caller throws
     */
    public static MemoryLimitException ofMappings(long requestedBytes, long mappings, long mappingLimit, long reserve) {
        String message = "Cannot map " + requestedBytes + " more bytes of protected memory: the process has about "
                + mappings + " mappings, vm.max_map_count is " + mappingLimit + ", and " + reserve
                + " of these are kept free for threads, heap and libraries of the JVM, which ends if it has none left. "
                + REMEDY_MAPPINGS;
        return new MemoryLimitException(requestedBytes, mappings, mappingLimit, message);
    }

    /**
     * Returns which limit was reached.
     *
     * @return the kind of the limit
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns how many bytes were to be locked, or to be mapped.
     *
     * @return bytes, in whole pages
     */
    public long requestedBytes() {
        return requestedBytes;
    }

    /**
     * Returns how many bytes were locked when the request was refused. If the session's own limit was reached, these
     * are the bytes of the session. Otherwise they are the bytes of all sessions of the process, or all bytes that the
     * process has locked.
     *
     * @return bytes, or -1 if that is not known or the limit of mappings was reached
     */
    public long lockedBytes() {
        return lockedBytes;
    }

    /**
     * Returns the limit of locked bytes that was reached.
     *
     * @return bytes, or -1 if no limit is known or the limit of mappings was reached
     */
    public long limitBytes() {
        return limitBytes;
    }

    /**
     * Returns how many mappings the process had when the request was refused.
     *
     * @return upper bound of the number of mappings, or -1 if the limit of locked bytes was reached
     */
    public long mappings() {
        return mappings;
    }

    /**
     * Returns how many mappings the process may have.
     *
     * @return number of mappings, including those that are kept free, or -1 if the limit of locked bytes was reached
     */
    public long mappingLimit() {
        return mappingLimit;
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
     * @return sentences that name the setting of the limit that was reached
     */
    public String remedy() {
        return remedy;
    }
}
