/**
 * Auto-configuration of Secure Memory in an application context: the session and its factories, the checks and
 * preparations at its start, and the messages if it cannot start. The packages below this one add features that an
 * application may leave out.
 *
 * <p>Only two kinds of types are public here: auto-configurations, which applications may name to exclude or import
 * them, and types that the packages below use. The latter are not part of the API.
 */
@NullMarked
package io.securememory.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
