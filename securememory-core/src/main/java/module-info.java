/**
 * Secrets in guarded, locked, access-controlled native memory.
 *
 * <p>JNA is needed on Java 17 to 21 only. There the application has to resolve it: by {@code requires com.sun.jna} in its
 * own module, or by {@code --add-modules com.sun.jna}. An image that jlink makes for a newer Java needs no JNA. For an
 * image of an older Java use {@code net.java.dev.jna:jna-jpms}: jlink refuses the usual jar of JNA, which has no module
 * descriptor.
 *
 * <p>The report of what is protected asks jdk.management for options of the JVM. Where that module is not resolved, the
 * report says that they are not known.
 */
@SuppressWarnings(
        "module") // The module that the internal packages are exported to is not there when this one is compiled.
module io.securememory {
    requires static transitive org.jspecify;
    requires static com.sun.jna;
    requires static java.management;
    requires static jdk.management;
    requires org.slf4j;

    exports io.securememory;
    exports io.securememory.memguard;
    exports io.securememory.memcall;
    exports io.securememory.crypto to
            io.securememory.jca;
    exports io.securememory.internal to
            io.securememory.jca;
    exports io.securememory.libcrypto to
            io.securememory.jca;
    exports io.securememory.memguard.internal to
            io.securememory.jca,
            io.securememory.test;
}
