package io.securememory.memcall;

/** The way to call native code. */
public enum NativeAccess {
    /** The foreign function and memory API on Java 22 and later, JNA before. */
    AUTO,
    /** The foreign function and memory API, on Java 22 and later. */
    FFM,
    /** JNA with direct mapping, on every supported Java. */
    JNA
}
