/**
 * Secrets in guarded, locked, access-controlled native memory.
 *
 * <p>JNA is needed on Java 17 to 21 only, and there the application resolves it: by {@code requires com.sun.jna} in its own
 * module, or {@code --add-modules com.sun.jna}. So an image that jlink makes of a newer Java can do without, as jlink refuses
 * the usual jar of JNA, which has no module descriptor. For an image of an older Java there is
 * {@code net.java.dev.jna:jna-jpms}, the same with a descriptor.
 */
module io.securememory {
    requires static transitive org.jspecify;
    requires static com.sun.jna;
    requires org.slf4j;

    exports io.securememory;
    exports io.securememory.memguard;
    exports io.securememory.memcall;
}
