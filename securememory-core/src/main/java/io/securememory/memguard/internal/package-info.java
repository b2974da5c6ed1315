/** The cipher behind sealed secrets, computed so that it leaves nothing behind. Not exported. */
@NullMarked
package io.securememory.memguard.internal;

import org.jspecify.annotations.NullMarked;
