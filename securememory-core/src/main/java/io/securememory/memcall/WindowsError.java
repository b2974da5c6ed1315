package io.securememory.memcall;

import io.securememory.MemoryCallException;

/** Error numbers of Windows' memory functions, with advice for operators. Source: winerror.h. */
enum WindowsError {
    ACCESS_DENIED(
            5, "The call is not permitted: look for a sandbox, a job object or a security product that denies it."),
    NOT_ENOUGH_MEMORY(8, Remedies.MEMORY),
    INVALID_PARAMETER(87, Remedies.MANUAL),
    NOT_LOCKED(158, Remedies.MANUAL),
    INVALID_ADDRESS(487, Remedies.MANUAL),
    NOACCESS(998, "Pages without access cannot be locked: give them an access first."),
    PRIVILEGE_NOT_HELD(1314, Remedies.WORKING_SET),
    NO_SYSTEM_RESOURCES(1450, Remedies.MEMORY),
    WORKING_SET_QUOTA(1453, Remedies.WORKING_SET),
    COMMITMENT_LIMIT(1455, Remedies.MEMORY);

    private final int number;
    private final String remedy;

    WindowsError(int number, String remedy) {
        this.number = number;
        this.remedy = remedy;
    }

    int number() {
        return number;
    }

    /** Makes the exception for a call that failed. */
    static MemoryCallException failed(String operation, int error) {
        for (WindowsError known : values()) {
            if (known.number == error) {
                return new MemoryCallException(operation, error, "ERROR_" + known.name(), known.remedy);
            }
        }
        return new MemoryCallException(operation, error, "error " + error, Remedies.MANUAL);
    }

    /** Sentences that several errors share. An enum's own constants cannot be used before its values are made. */
    static final class Remedies {

        static final String MEMORY =
                "The machine is out of memory: close secrets that are no longer needed, or give it more memory or a larger"
                        + " page file.";

        static final String WORKING_SET =
                "A process may lock as many pages as its minimum working set has, and this process may not raise that"
                        + " further: give its user the right \"Increase a process working set\" (secpol.msc, Local Policies,"
                        + " User Rights Assignment), raise the limit of its job object, or free memory of the machine. Or"
                        + " set the lock policy to best-effort to go on with memory that may be swapped.";

        static final String MANUAL = "See Microsoft's documentation of the function for this error.";

        private Remedies() {}
    }
}
