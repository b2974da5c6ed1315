package io.securememory.residue;

import java.io.IOException;
import java.nio.file.Path;

/** Writes the files that an application reads. */
@FunctionalInterface
interface Preparation {

    void in(Path directory) throws IOException;
}
