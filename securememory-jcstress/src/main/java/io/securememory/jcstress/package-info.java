/** Races of the core, each with the outcomes that must never occur. */
package io.securememory.jcstress;
