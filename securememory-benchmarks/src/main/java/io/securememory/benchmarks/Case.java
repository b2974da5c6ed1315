package io.securememory.benchmarks;

import java.util.Arrays;

/** What is measured. Times are nanoseconds per operation of one thread. */
enum Case {
    ACCESS_OWN("access-own", "Access to an own secret of 32 bytes", "threads"),
    ACCESS_SHARED("access-shared", "Access to one shared secret of 32 bytes", "threads"),
    ALLOCATION("allocation", "Heap that one access to an own secret allocates", "threads"),
    WRITE_TO("write-to", "Write a secret of 32 bytes to a file", "threads"),
    BYTE_BUFFER("byte-buffer", "Access to a secret of 32 bytes through a byte buffer", "threads"),
    CREATE_CLOSE("create-close", "Create and close a secret of 32 bytes", "threads"),
    COPY("copy", "Copy a secret of 32 bytes, and close the copy", "threads"),
    SEAL("seal", "Seal an enclave", "bytes"),
    OPEN("open", "Open an enclave in an access", "bytes"),
    OPEN_BUFFER("open-buffer", "Open an enclave into a locked buffer, and close that", "bytes"),
    HMAC("hmac", "Sign with HMAC-SHA256, with the key of 32 bytes set anew", "bytes"),
    MAC("mac", "Sign with HMAC-SHA256 through a Mac, with the key of 32 bytes set anew", "bytes"),
    SIGN_P256("sign-p256", "Sign with ECDSA of P-256, with the key set anew", "bytes"),
    SIGN_P256_KEPT("sign-p256-kept", "The same with one Signature that keeps its key", "bytes"),
    SIGN_ED25519("sign-ed25519", "Sign with Ed25519, with the key set anew", "bytes"),
    SIGN_ED25519_KEPT("sign-ed25519-kept", "The same with one Signature that keeps its key", "bytes"),
    SIGN_RSA("sign-rsa-2048", "Sign with RSA of 2048 bits, with the key set anew", "bytes"),
    SIGN_RSA_KEPT("sign-rsa-2048-kept", "The same with one Signature that keeps its key", "bytes"),
    AES_GCM("aes-gcm", "Encrypt with AES-256-GCM, with a new Cipher", "bytes"),
    AES_GCM_KEPT("aes-gcm-kept", "The same with one Cipher, which gets key and nonce anew", "bytes"),
    AES_GCM_MESSAGE("aes-gcm-message", "Encrypt with AesGcm, which makes the nonce and a key for it", "bytes"),
    HANDSHAKE("handshake", "Full handshake of TLS 1.3 with a key of P-256, both sides", "threads"),
    HANDSHAKE_SERVER("handshake-server", "The same, the server alone", "threads"),
    STREAM_WRITE("stream-write", "Write a sealed stream", "MiB"),
    STREAM_READ("stream-read", "Read a sealed stream", "MiB"),
    PURGE("purge", "Wipe all secrets of a session", "secrets"),
    CREATION("creation", "Create many sealed secrets", "secrets"),
    START_UP("start-up", "Start of the virtual machine to the first byte of a secret read", "processes");

    private final String id;
    private final String title;
    private final String parameter;

    Case(String id, String title, String parameter) {
        this.id = id;
        this.title = title;
        this.parameter = parameter;
    }

    String id() {
        return id;
    }

    String title() {
        return title;
    }

    /** What the number in a key counts. */
    String parameter() {
        return parameter;
    }

    Unit unit() {
        return this == ALLOCATION ? Unit.BYTES : Unit.NANOSECONDS;
    }

    static Case of(String id) {
        return Arrays.stream(values())
                .filter(value -> value.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no case " + id));
    }
}
