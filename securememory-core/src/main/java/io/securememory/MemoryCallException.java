package io.securememory;

/**
 * A system call on memory failed for a reason other than the memory lock limit.
 *
 * <p>Names the call, the error number, and the symbolic name of that number, for example {@code ENOMEM}.
 */
public final class MemoryCallException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /** The system call, for example {@code mprotect}. */
    private final String operation;

    /** The error number. */
    private final int errno;

    /** The error number's name. */
    private final String errnoName;

    /** What can be done. */
    private final String remedy;

    /**
     * Creates an exception for one failed call.
     *
     * @param operation the system call and its purpose, for example {@code mprotect(READ_ONLY)}
     * @param errno the error number that the call left behind
     * @param errnoName the symbolic name of that number, for example {@code ENOMEM}
     * @param remedy a sentence that says what can be done
     */
    public MemoryCallException(String operation, int errno, String errnoName, String remedy) {
        super(operation + " failed with errno " + errno + " (" + errnoName + "). " + remedy);
        this.operation = operation;
        this.errno = errno;
        this.errnoName = errnoName;
        this.remedy = remedy;
    }

    /**
     * Returns the system call that failed.
     *
     * @return the call, for example {@code mprotect(READ_ONLY)}
     */
    public String operation() {
        return operation;
    }

    /**
     * Returns the error number that the call left behind.
     *
     * @return the error number
     */
    public int errno() {
        return errno;
    }

    /**
     * Returns the symbolic name of the error number.
     *
     * @return the name, for example {@code ENOMEM}, or {@code errno N} when the platform's table has none
     */
    public String errnoName() {
        return errnoName;
    }

    /**
     * Returns what an operator can do.
     *
     * @return sentences that name the cause and what can be done about it
     */
    public String remedy() {
        return remedy;
    }
}
