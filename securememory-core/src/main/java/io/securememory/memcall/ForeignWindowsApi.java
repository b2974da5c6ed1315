package io.securememory.memcall;

/** Replaces, on Java 17 to 21, the class with the same name that the multi-release jar has for Java 22 and later. */
final class ForeignWindowsApi {

    private ForeignWindowsApi() {}

    static WindowsApi open() {
        throw ForeignLibC.unavailable();
    }

    static WindowsApi at(WindowsApi.Addresses addresses) {
        throw ForeignLibC.unavailable();
    }
}
