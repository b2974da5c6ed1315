package io.securememory.jca.engine;

/**
 * Computes with keys of symmetric algorithms. Each call gets the key anew and keeps nothing of it.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public interface SecretKeyEngine {}
