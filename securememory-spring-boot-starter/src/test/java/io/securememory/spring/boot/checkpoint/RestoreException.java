package io.securememory.spring.boot.checkpoint;

/** A checkpoint was written, and what was restored from it does not work. */
public final class RestoreException extends Exception {

    private static final long serialVersionUID = 1L;
}
