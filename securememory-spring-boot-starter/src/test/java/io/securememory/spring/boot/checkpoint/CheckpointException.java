package io.securememory.spring.boot.checkpoint;

/** No checkpoint was written. */
public final class CheckpointException extends Exception {

    private static final long serialVersionUID = 1L;
}
