/**
 * Secrets outside the Java heap: the everyday API.
 *
 * <p>A {@link io.securememory.SecureMemory} session makes a {@link io.securememory.SecretFactory}, which makes
 * {@link io.securememory.Secret}s. The bytes of a secret are read inside a scoped action through a
 * {@link io.securememory.SecretView}.
 */
@NullMarked
package io.securememory;

import org.jspecify.annotations.NullMarked;
