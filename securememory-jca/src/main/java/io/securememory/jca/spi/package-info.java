/** The services of the provider. Public for the JCA, which creates them. Not exported. */
@NullMarked
package io.securememory.jca.spi;

import org.jspecify.annotations.NullMarked;
