package io.securememory.test.search;

import io.securememory.test.Encoding;

/**
 * One form of one secret. Its bytes are in locked memory only.
 *
 * @param owner index of the secret among those that are looked for
 * @param encoding what was done with the bytes of the secret
 * @param wide whether each character has two bytes
 * @param at index of the first byte in the memory of the search
 * @param length number of bytes
 * @param run how many of its bytes in a row count as a copy
 */
record Needle(int owner, Encoding encoding, boolean wide, int at, int length, int run) {}
