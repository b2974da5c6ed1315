/**
 * What is computed with keys and plaintexts in native memory, so that nothing of them is left behind: ciphers, digests, copies,
 * and the overwriting of stacks. Knows nothing of the rest of this library. Not exported.
 */
@NullMarked
package io.securememory.crypto;

import org.jspecify.annotations.NullMarked;
