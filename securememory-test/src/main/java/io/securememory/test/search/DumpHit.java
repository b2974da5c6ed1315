package io.securememory.test.search;

/**
 * A run in a heap dump.
 *
 * @param needle what it is a run of
 * @param position of its first byte in the file
 * @param isName whether it is a whole name or text in a class
 */
record DumpHit(Needle needle, long position, boolean isName) {}
