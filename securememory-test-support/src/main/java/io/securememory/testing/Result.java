package io.securememory.testing;

/**
 * How a program ended.
 *
 * @param exitCode its exit code
 * @param output what it printed to its standard output and its error output
 */
public record Result(int exitCode, String output) {}
