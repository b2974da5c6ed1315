/** Secrets in tests of applications: declared ones without a file of their own, and assertions. Needs Spring Test and AssertJ. */
@NullMarked
package io.securememory.spring.boot.test;

import org.jspecify.annotations.NullMarked;
