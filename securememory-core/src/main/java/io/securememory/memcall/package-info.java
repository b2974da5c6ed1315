/**
 * Memory of the operating system: allocate, protect, lock and free whole pages.
 *
 * <p>The one place that calls native code: through the foreign function and memory API on Java 22 and later, through
 * JNA before.
 */
@NullMarked
package io.securememory.memcall;

import org.jspecify.annotations.NullMarked;
