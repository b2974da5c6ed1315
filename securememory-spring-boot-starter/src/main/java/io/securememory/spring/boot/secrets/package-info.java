/**
 * Declared secrets: checks the declarations, makes beans of them, loads them, and replaces their content when their
 * files change.
 *
 * <p>Not part of the API: the types that are public here are for the other packages of this module, and may change at
 * any time.
 */
@NullMarked
package io.securememory.spring.boot.secrets;

import org.jspecify.annotations.NullMarked;
