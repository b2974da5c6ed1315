package io.securememory.benchmarks;

import io.securememory.Storage;
import io.securememory.memcall.NativeAccess;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Who does it. Without a Java version in its label: on the Java that runs the benchmarks. */
enum Subject {
    C("c", "C, same system calls"),
    LIBSODIUM("libsodium", "C, libsodium"),
    PROTECTED_FFM("protected-ffm", "protected, FFM", Storage.PROTECTED, NativeAccess.FFM),
    SEALED_FFM("sealed-ffm", "sealed, FFM", Storage.SEALED, NativeAccess.FFM),
    PROTECTED_JNA("protected-jna", "protected, JNA", Storage.PROTECTED, NativeAccess.JNA),
    SEALED_JNA("sealed-jna", "sealed, JNA", Storage.SEALED, NativeAccess.JNA),
    PROTECTED_17("protected-17", "protected, JNA, Java 17", Storage.PROTECTED, NativeAccess.JNA),
    SEALED_17("sealed-17", "sealed, JNA, Java 17", Storage.SEALED, NativeAccess.JNA),
    ASHERAH("asherah", "Asherah"),
    LAZYSODIUM("lazysodium", "lazysodium"),
    JDK("jdk", "JDK"),
    JDK_17("jdk-17", "JDK, Java 17"),
    JVM("jvm", "virtual machine alone"),
    JVM_17("jvm-17", "virtual machine alone, Java 17");

    private final String id;
    private final String label;
    private final @Nullable Storage storage;
    private final @Nullable NativeAccess nativeAccess;

    Subject(String id, String label) {
        this(id, label, null, null);
    }

    Subject(String id, String label, @Nullable Storage storage, @Nullable NativeAccess nativeAccess) {
        this.id = id;
        this.label = label;
        this.storage = storage;
        this.nativeAccess = nativeAccess;
    }

    String id() {
        return id;
    }

    String label() {
        return label;
    }

    /** Whether it is this library. */
    boolean isOurs() {
        return storage != null;
    }

    /** Whether this library is compared with it. */
    boolean isPeer() {
        return this == C || this == LIBSODIUM || this == ASHERAH || this == LAZYSODIUM || this == JDK;
    }

    boolean onJava17() {
        return this == PROTECTED_17 || this == SEALED_17 || this == JDK_17 || this == JVM_17;
    }

    Storage storage() {
        if (storage == null) {
            throw new IllegalStateException(id + " has no storage");
        }
        return storage;
    }

    NativeAccess nativeAccess() {
        if (nativeAccess == null) {
            throw new IllegalStateException(id + " has no native access");
        }
        return nativeAccess;
    }

    static Subject of(String id) {
        return Arrays.stream(values())
                .filter(value -> value.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no subject " + id));
    }
}
