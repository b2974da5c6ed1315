package io.securememory.memcall;

import io.securememory.MemoryCallException;

/** The one place that turns a failed call into an exception. */
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

    /** Of a call that was to lock memory, and that no limit of locked memory refused. */
    MemoryCallException ofLock(String operation, int errno) {
        return exception(operation, errno, advice.onLock(operation, errors.meaningOf(errno)));
    }

    private MemoryCallException exception(String operation, int errno, String remedy) {
        return new MemoryCallException(operation, errno, errors.nameOf(errno), remedy);
    }
}
