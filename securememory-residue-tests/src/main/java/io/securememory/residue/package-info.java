/**
 * The starter in real servers and clients. All of it is tests; this file makes the directory of classes that the compiler expects.
 */
@NullMarked
package io.securememory.residue;

import org.jspecify.annotations.NullMarked;
