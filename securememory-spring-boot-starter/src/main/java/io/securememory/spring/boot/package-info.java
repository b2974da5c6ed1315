/** The types that applications use, in addition to those of the core, when Spring Boot configures Secure Memory. */
@NullMarked
package io.securememory.spring.boot;

import org.jspecify.annotations.NullMarked;
