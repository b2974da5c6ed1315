/**
 * Secrets that tests of Spring applications declare. Requires Spring Test.
 */
@NullMarked
package io.securememory.test.spring;

import org.jspecify.annotations.NullMarked;
