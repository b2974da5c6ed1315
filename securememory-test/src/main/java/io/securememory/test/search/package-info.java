/** How copies are found. Not part of the API. */
@NullMarked
package io.securememory.test.search;

import org.jspecify.annotations.NullMarked;
