package io.securememory.spring.boot.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.util.ClassUtils;

/**
 * Tells which parts of JNA a native image keeps. Since Java 22, native images use the foreign function and memory API
 * instead. Its metadata is in the core, because Spring's runtime hints cannot express it.
 */
final class JnaRuntimeHints implements RuntimeHintsRegistrar {

    /**
     * Classes whose functions JNA binds. They are given by name, because the core's internal types are not visible
     * here.
     */
    static final List<String> FUNCTIONS = List.of(
            "io.securememory.memcall.JnaFunctions",
            "io.securememory.libcrypto.JnaLibCrypto",
            "io.securememory.libcrypto.JnaDigests");

    private static final String NATIVE = "com.sun.jna.Native";

    /** Types that JNA's native library looks up by name when it is loaded. */
    private static final List<String> LOOKED_UP_BY_NATIVE_CODE = List.of(
            NATIVE,
            "com.sun.jna.Native$ffi_callback",
            "com.sun.jna.Callback",
            "com.sun.jna.Callback$UncaughtExceptionHandler",
            "com.sun.jna.CallbackReference",
            "com.sun.jna.CallbackReference$AttachOptions",
            "com.sun.jna.FromNativeConverter",
            "com.sun.jna.IntegerType",
            "com.sun.jna.JNIEnv",
            "com.sun.jna.LastErrorException",
            "com.sun.jna.NativeMapped",
            "com.sun.jna.Pointer",
            "com.sun.jna.PointerType",
            "com.sun.jna.Structure",
            "com.sun.jna.Structure$ByValue",
            "com.sun.jna.Structure$FFIType$FFITypes",
            "com.sun.jna.WString",
            "java.lang.Boolean",
            "java.lang.Byte",
            "java.lang.Character",
            "java.lang.Class",
            "java.lang.Double",
            "java.lang.Error",
            "java.lang.Float",
            "java.lang.IllegalArgumentException",
            "java.lang.IllegalStateException",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Object",
            "java.lang.OutOfMemoryError",
            "java.lang.Short",
            "java.lang.String",
            "java.lang.System",
            "java.lang.UnsatisfiedLinkError",
            "java.lang.UnsupportedOperationException",
            "java.lang.Void",
            "java.lang.reflect.Method",
            "java.nio.Buffer",
            "java.nio.ByteBuffer",
            "java.nio.CharBuffer",
            "java.nio.DoubleBuffer",
            "java.nio.FloatBuffer",
            "java.nio.IntBuffer",
            "java.nio.LongBuffer",
            "java.nio.ShortBuffer");

    private static final MemberCategory[] MEMBERS = {
        MemberCategory.ACCESS_DECLARED_FIELDS,
        MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
        MemberCategory.INVOKE_DECLARED_METHODS
    };

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        if (!ClassUtils.isPresent(NATIVE, classLoader)) {
            return; // The application has no JNA: it uses only the foreign function and memory API.
        }
        LOOKED_UP_BY_NATIVE_CODE.forEach(type -> hints.jni().registerType(TypeReference.of(type), MEMBERS));
        FUNCTIONS.stream().map(TypeReference::of).forEach(functions -> {
            hints.jni().registerType(functions, MEMBERS);
            hints.reflection().registerType(functions, MemberCategory.INVOKE_DECLARED_METHODS);
        });
        hints.resources().registerPattern("com/sun/jna/linux-*/libjnidispatch.so");
    }
}
