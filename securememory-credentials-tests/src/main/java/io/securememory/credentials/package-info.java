/**
 * Passwords for real servers. All of it is tests; this file makes the directory of classes that the compiler expects.
 */
@NullMarked
package io.securememory.credentials;

import org.jspecify.annotations.NullMarked;
