/** What other modules of this library use of secrets, and applications do not. Not exported to them. */
@NullMarked
package io.securememory.internal;

import org.jspecify.annotations.NullMarked;
