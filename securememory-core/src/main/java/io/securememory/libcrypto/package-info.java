/** OpenSSL's libcrypto, where the machine has it. Not exported. */
@NullMarked
package io.securememory.libcrypto;

import org.jspecify.annotations.NullMarked;
