/**
 * Clients of databases, brokers and servers that ask for a declared secret when they need it.
 *
 * <p>Applications may refer to the auto-configurations only, to exclude them.
 */
@NullMarked
package io.securememory.spring.boot.autoconfigure.credentials;

import org.jspecify.annotations.NullMarked;
