/**
 * The properties below {@code securememory}: the records that they are bound to, which define each default, and the check of
 * their names. A new property is a component of one of these records.
 *
 * <p>Not part of the API: what is public here is so for the other packages of this module, and may change at any time.
 */
@NullMarked
package io.securememory.spring.boot.properties;

import org.jspecify.annotations.NullMarked;
