package io.securememory.report;

import java.util.Optional;

/** The options of this JVM. */
@FunctionalInterface
interface JvmFlags {

    /** Returns the value of an option of {@code -XX}; empty if the JVM does not tell it or does not have it. */
    Optional<String> value(String name);
}
