/**
 * Memory calls of the operating system: they allocate, protect, lock and free whole pages.
 *
 * <p>Calls native code through the foreign function and memory API on Java 22 and later, and through JNA before.
 */
@NullMarked
package io.securememory.memcall;

import org.jspecify.annotations.NullMarked;
