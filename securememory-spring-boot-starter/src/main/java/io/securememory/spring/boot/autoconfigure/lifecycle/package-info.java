/**
 * Events that wipe secrets before their context closes: signals of the operating system, and checkpoints of the JVM.
 *
 * <p>Applications may name only the auto-configuration, to exclude it.
 */
@NullMarked
package io.securememory.spring.boot.autoconfigure.lifecycle;

import org.jspecify.annotations.NullMarked;
