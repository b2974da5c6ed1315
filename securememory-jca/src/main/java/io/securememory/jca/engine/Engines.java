package io.securememory.jca.engine;

/**
 * What one library computes.
 *
 * @param privateKeys with private keys
 * @param generator new private keys
 * @param secretKeys with keys of symmetric algorithms
 */
public record Engines(PrivateKeyEngine privateKeys, KeyGenerator generator, SecretKeyEngine secretKeys) {}
