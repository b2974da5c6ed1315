package io.securememory.memcall;

/** The operating system's functions, by one way of native access. Opened by the platform that needs them. */
interface NativeLibraries {

    /**
     * Opens the C library of a POSIX system.
     *
     * @throws io.securememory.UnsupportedPlatformException if native access is denied or impossible
     */
    LibC libC();

    /**
     * Opens Windows' libraries.
     *
     * @throws io.securememory.UnsupportedPlatformException if native access is denied or impossible
     */
    WindowsApi windows();
}
