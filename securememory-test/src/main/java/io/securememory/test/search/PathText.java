package io.securememory.test.search;

/**
 * What holds an object, for people.
 *
 * @param isLive whether a root of the garbage collector reaches it
 * @param isString whether the object is the content of a String
 * @param isLiteral whether it is written in source code: a class or an annotation has it
 * @param text fields and variables from the object to the root; of garbage the first of them, or nothing
 */
record PathText(boolean isLive, boolean isString, boolean isLiteral, String text) {}
