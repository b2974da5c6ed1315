/**
 * SSL bundles of Spring Boot whose private keys are declared secrets: reading keys and certificates, and replacing them when their
 * files change.
 *
 * <p>Only the auto-configuration may be named, where it is excluded.
 */
@NullMarked
package io.securememory.spring.boot.autoconfigure.ssl;

import org.jspecify.annotations.NullMarked;
