/** Reads private keys in PKCS#8, PKCS#1 and SEC 1, encrypted or not, in locked memory. Not exported. */
@NullMarked
package io.securememory.jca.encoding;

import org.jspecify.annotations.NullMarked;
