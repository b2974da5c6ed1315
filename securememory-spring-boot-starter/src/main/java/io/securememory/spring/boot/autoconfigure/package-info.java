/**
 * A context with Secure Memory: the session and its factories, what is checked and prepared at its start, and what is told when it
 * cannot start. The packages below this one add what an application may leave out.
 *
 * <p>Public are only auto-configurations, which may be named where they are excluded or imported, and what the packages below
 * read; the latter is not part of the API.
 */
@NullMarked
package io.securememory.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
