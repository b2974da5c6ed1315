package io.securememory.memguard;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logger of this package. It has the name of {@link MemGuard}. */
final class Log {

    static final Logger LOG = LoggerFactory.getLogger("io.securememory.memguard.MemGuard");

    private Log() {}
}
