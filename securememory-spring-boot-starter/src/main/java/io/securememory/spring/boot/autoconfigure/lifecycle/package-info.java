/**
 * What wipes secrets before their context closes: signals of the operating system, and checkpoints of the virtual machine.
 *
 * <p>Only the auto-configuration may be named, where it is excluded.
 */
@NullMarked
package io.securememory.spring.boot.autoconfigure.lifecycle;

import org.jspecify.annotations.NullMarked;
