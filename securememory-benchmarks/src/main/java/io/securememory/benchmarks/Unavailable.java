package io.securememory.benchmarks;

/** This machine lacks what a measurement needs. The message says what, and how to get it. */
final class Unavailable extends Exception {

    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
        super(message);
    }
}
