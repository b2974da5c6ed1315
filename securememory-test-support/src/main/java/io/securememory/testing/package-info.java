/** What the tests of all modules share. Not published. */
@NullMarked
package io.securememory.testing;

import org.jspecify.annotations.NullMarked;
