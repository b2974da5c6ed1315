/** What applications use beside the core's own types when Secure Memory is configured by Spring Boot. */
@NullMarked
package io.securememory.spring.boot;

import org.jspecify.annotations.NullMarked;
