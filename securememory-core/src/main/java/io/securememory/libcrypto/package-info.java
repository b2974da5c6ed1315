/** OpenSSL's libcrypto, if the machine has it. Not exported. */
@NullMarked
package io.securememory.libcrypto;

import org.jspecify.annotations.NullMarked;
