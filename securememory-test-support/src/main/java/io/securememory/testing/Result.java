package io.securememory.testing;

/**
 * How a program ended.
 *
 * @param exitCode its exit code
 * @param output what it printed on both of its outputs
 */
public record Result(int exitCode, String output) {}
