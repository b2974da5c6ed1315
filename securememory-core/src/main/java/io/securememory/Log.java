package io.securememory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logger of this package. It has the name of {@link SecureMemory}. */
final class Log {

    static final Logger LOG = LoggerFactory.getLogger("io.securememory.SecureMemory");

    private Log() {}
}
