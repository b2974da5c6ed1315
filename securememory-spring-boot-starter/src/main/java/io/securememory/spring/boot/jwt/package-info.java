/** JSON Web Tokens of Spring Security that are signed with keys in protected memory. */
@NullMarked
package io.securememory.spring.boot.jwt;

import org.jspecify.annotations.NullMarked;
