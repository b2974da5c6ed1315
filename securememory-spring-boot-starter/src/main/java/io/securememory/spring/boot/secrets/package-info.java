/**
 * Declared secrets: checking the declarations, making beans of them, loading them, and replacing their content when their files
 * change.
 *
 * <p>Not part of the API: what is public here is so for the other packages of this module, and may change at any time.
 */
@NullMarked
package io.securememory.spring.boot.secrets;

import org.jspecify.annotations.NullMarked;
