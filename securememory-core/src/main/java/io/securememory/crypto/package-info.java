/**
 * Ciphers and digests that compute in native memory and leave nothing of keys and plaintexts behind; also copying, and
 * overwriting of stacks. Knows nothing of the rest of this library. Not exported.
 */
@NullMarked
package io.securememory.crypto;

import org.jspecify.annotations.NullMarked;
