/** What tests of several packages need. */
@NullMarked
package io.securememory.spring.boot.testsupport;

import org.jspecify.annotations.NullMarked;
