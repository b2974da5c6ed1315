/**
 * Beans of Spring Security that sign and verify JSON Web Tokens with a declared secret.
 *
 * <p>Applications may refer to the auto-configuration only, to exclude it.
 */
@NullMarked
package io.securememory.spring.boot.autoconfigure.jwt;

import org.jspecify.annotations.NullMarked;
