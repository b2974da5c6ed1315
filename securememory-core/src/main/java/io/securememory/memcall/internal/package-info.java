/** Unchecked access to native bytes for the packages of this library. Not exported. */
@NullMarked
package io.securememory.memcall.internal;

import org.jspecify.annotations.NullMarked;
