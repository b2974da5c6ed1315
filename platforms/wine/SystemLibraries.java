package io.securememory.memcall;

/**
 * Takes the place of the core's class of this name, in front of it on the class path: the libraries are those of the
 * system that os.name says, here Wine's, whose functions the host of this JVM hands in.
 */
final class SystemLibraries {

    private SystemLibraries() {}

    static NativeLibraries of(NativeAccess access) {
        return SimulatedLibraries.of(access);
    }
}
