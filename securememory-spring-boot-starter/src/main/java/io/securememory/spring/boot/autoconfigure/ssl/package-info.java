/**
 * SSL bundles of Spring Boot whose private keys are declared secrets. Keys and certificates are read here, and replaced when
 * their files change.
 *
 * <p>Applications may refer to the auto-configuration only, to exclude it.
 */
@NullMarked
package io.securememory.spring.boot.autoconfigure.ssl;

import org.jspecify.annotations.NullMarked;
