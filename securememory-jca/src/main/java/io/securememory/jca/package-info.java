/** Keys that work without being on the heap. */
@NullMarked
package io.securememory.jca;

import org.jspecify.annotations.NullMarked;
