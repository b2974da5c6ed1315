/** Classes that the packages of this library share. Not exported. */
@NullMarked
package io.securememory.memguard.internal;

import org.jspecify.annotations.NullMarked;
