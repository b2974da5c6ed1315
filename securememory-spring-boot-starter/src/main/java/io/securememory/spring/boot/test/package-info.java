/**
 * Support for secrets in tests of applications: secrets that are declared without writing a file for them, and
 * assertions. Requires Spring Test and AssertJ.
 */
@NullMarked
package io.securememory.spring.boot.test;

import org.jspecify.annotations.NullMarked;
