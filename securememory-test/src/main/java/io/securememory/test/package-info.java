/**
 * Finds copies of secrets that an application leaves behind, and helps to test with secrets.
 */
@NullMarked
package io.securememory.test;

import org.jspecify.annotations.NullMarked;
