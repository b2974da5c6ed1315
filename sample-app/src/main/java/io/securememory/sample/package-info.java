/** A webhook signing service: one key in protected memory, two requests that use it, and a page to try them. */
@NullMarked
package io.securememory.sample;

import org.jspecify.annotations.NullMarked;
