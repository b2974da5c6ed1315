/**
 * Stands for the part of the virtual machine that writes checkpoints, which those of the tests do not have. The interface
 * {@code org.crac} uses the package that its property {@code org.crac.Core.Compat} names, if it has these types.
 */
@NullMarked
package io.securememory.spring.boot.checkpoint;

import org.jspecify.annotations.NullMarked;
