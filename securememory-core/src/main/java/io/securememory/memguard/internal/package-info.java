/** What this library's packages share with each other and with nobody else. Not exported. */
@NullMarked
package io.securememory.memguard.internal;

import org.jspecify.annotations.NullMarked;
