package io.securememory.memguard;

import io.securememory.crypto.LibCrypto;
import io.securememory.libcrypto.LibCryptos;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which library computes the long texts of one vault, if any: chosen when it is first needed, and never again, as what is
 * sealed with it cannot be opened without it.
 */
final class LibraryChoice implements Supplier<@Nullable LibCrypto> {

    private final LibcryptoUse use;
    private final String access;
    private final AtomicReference<@Nullable Optional<LibCrypto>> chosen = new AtomicReference<>();

    /**
     * @param access way of calling native code
     */
    LibraryChoice(LibcryptoUse use, String access) {
        this.use = use;
        this.access = access;
    }

    /** Returns null if there is none. Two threads that look for it at the same time find the same. */
    @Override
    public @Nullable LibCrypto get() {
        Optional<LibCrypto> made = chosen.get();
        if (made == null) {
            chosen.compareAndSet(null, Optional.ofNullable(use == LibcryptoUse.AUTO ? LibCryptos.find(access) : null));
            made = Objects.requireNonNull(chosen.get());
        }
        return made.orElse(null);
    }

    /** Whether there is one that is faster for so many bytes. */
    boolean isWorthwhile(int length) {
        LibCrypto found = length < LibCrypto.SHORTEST ? null : get();
        return found != null && length >= found.worthwhileFrom();
    }

    /** The version of the library, or an empty text if there is none, or none was needed yet. */
    String version() {
        Optional<LibCrypto> made = chosen.get();
        return made == null ? "" : made.map(LibCrypto::version).orElse("");
    }
}
