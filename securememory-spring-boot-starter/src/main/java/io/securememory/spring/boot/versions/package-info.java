/**
 * Versions of a secret that were replaced: how long they are accepted, and which rotations were announced.
 *
 * <p>Not part of the API: what is public here is so for the other packages of this module, and may change at any time.
 */
@NullMarked
package io.securememory.spring.boot.versions;

import org.jspecify.annotations.NullMarked;
