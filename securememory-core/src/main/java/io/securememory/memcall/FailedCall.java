package io.securememory.memcall;

import io.securememory.MemoryCallException;

/** Makes the exception for a failed call, with the meaning of the error number and advice for operators. */
final class FailedCall {

    private final ErrorNumbers errors;
    private final Advice advice;

    FailedCall(ErrorNumbers errors, Advice advice) {
        this.errors = errors;
        this.advice = advice;
    }

    MemoryCallException of(String operation, int errno) {
        return exception(operation, errno, advice.onCall(operation, errors.meaningOf(errno)));
    }

    /**
     * Returns the exception for a call that failed to lock memory for another reason than the limit of locked memory.
     */
    MemoryCallException ofLock(String operation, int errno) {
        return exception(operation, errno, advice.onLock(operation, errors.meaningOf(errno)));
    }

    private MemoryCallException exception(String operation, int errno, String remedy) {
        return new MemoryCallException(operation, errno, errors.nameOf(errno), remedy);
    }
}
