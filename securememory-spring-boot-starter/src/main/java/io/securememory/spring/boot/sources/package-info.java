/**
 * What declared secrets come from beside files: HTTP endpoints, commands, the environment, and beans of the application.
 * Bytes go from the kernel to locked memory. Where the JDK allows no other way, it is said.
 *
 * <p>Not part of the API: what is public here is so for the other packages of this module, and may change at any time.
 */
@NullMarked
package io.securememory.spring.boot.sources;

import org.jspecify.annotations.NullMarked;
