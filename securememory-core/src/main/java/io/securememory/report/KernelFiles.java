package io.securememory.report;

import java.util.Optional;

/** Small text files in which the kernel shows its settings, such as those in {@code /proc} and {@code /sys}. */
interface KernelFiles {

    /** Returns the text without blanks around it; empty if there is no such file or it cannot be read. */
    Optional<String> text(String path);

    /** Tells whether there is such a file, which this process may not be allowed to read. */
    boolean exists(String path);
}
