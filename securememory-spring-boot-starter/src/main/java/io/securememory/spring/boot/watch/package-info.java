/**
 * Checks files that may change, each at its interval, and keeps the state of what is read from them. Reads no secret itself.
 *
 * <p>Not part of the API: what is public here is so for the other packages of this module, and may change at any time.
 */
@NullMarked
package io.securememory.spring.boot.watch;

import org.jspecify.annotations.NullMarked;
