package io.securememory.benchmarks;

import io.securememory.Storage;
import io.securememory.memcall.NativeAccess;
import java.util.Arrays;
import java.util.Optional;
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
    BOUNCYCASTLE("bouncycastle", "BouncyCastle"),
    BOUNCYCASTLE_17("bouncycastle-17", "BouncyCastle, Java 17"),
    OPENSSL("openssl", "openssl speed"),
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
        return switch (this) {
            case C, LIBSODIUM, ASHERAH, LAZYSODIUM, JDK, JDK_17, BOUNCYCASTLE, OPENSSL -> true;
            default -> false;
        };
    }

    boolean onJava17() {
        return switch (this) {
            case PROTECTED_17, SEALED_17, JDK_17, BOUNCYCASTLE_17, JVM_17 -> true;
            default -> false;
        };
    }

    /** Whose keys it uses, if it is a provider of the JCA with keys on the heap. */
    Optional<HeapProvider.Library> library() {
        return switch (this) {
            case JDK, JDK_17 -> Optional.of(HeapProvider.Library.JDK);
            case BOUNCYCASTLE, BOUNCYCASTLE_17 -> Optional.of(HeapProvider.Library.BOUNCYCASTLE);
            default -> Optional.empty();
        };
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
