package io.securememory.memcall;

/** Which way native code is called. */
public enum NativeAccess {
    /** The foreign function and memory API on Java 22 and later, JNA before. */
    AUTO,
    /** The foreign function and memory API; Java 22 and later. */
    FFM,
    /** JNA, direct mapping; every supported Java. */
    JNA
}
