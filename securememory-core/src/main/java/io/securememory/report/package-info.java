/**
 * Finds out what is protected on this machine: tries the protections on pages of their own, and reads the settings of the
 * operating system and of the JVM. Not exported, and not part of the API.
 *
 * <p>Uses no logger, because the self-check runs with the jar of this library alone.
 */
@NullMarked
package io.securememory.report;

import org.jspecify.annotations.NullMarked;
