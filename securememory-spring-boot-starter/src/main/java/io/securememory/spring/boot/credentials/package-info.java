/** Secrets that are handed to drivers and clients at the last moment. */
@NullMarked
package io.securememory.spring.boot.credentials;

import org.jspecify.annotations.NullMarked;
