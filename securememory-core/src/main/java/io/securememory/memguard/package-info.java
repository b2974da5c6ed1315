/**
 * Guarded buffers: the expert API below {@link io.securememory.Secret}.
 *
 * <p>A {@link io.securememory.memguard.LockedBuffer} is mutable, can be frozen, and has a canary and guard pages.
 */
@NullMarked
package io.securememory.memguard;

import org.jspecify.annotations.NullMarked;
