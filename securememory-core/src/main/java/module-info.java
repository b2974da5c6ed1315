/** Secrets in guarded, locked, access-controlled native memory. */
module io.securememory {
    requires static transitive org.jspecify;
    requires com.sun.jna;
    requires org.slf4j;

    exports io.securememory;
    exports io.securememory.memguard;
    exports io.securememory.memcall;
}
