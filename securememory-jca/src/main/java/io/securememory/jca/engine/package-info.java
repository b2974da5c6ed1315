/** What computes with keys: libcrypto in native memory, or BouncyCastle. Not exported. */
@NullMarked
package io.securememory.jca.engine;

import org.jspecify.annotations.NullMarked;
