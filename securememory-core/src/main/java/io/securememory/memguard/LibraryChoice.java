package io.securememory.memguard;

import io.securememory.crypto.LibCrypto;
import io.securememory.libcrypto.LibCryptos;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The library that computes the long texts of one vault, if any. It is chosen when it is first needed, and the choice
 * never changes: what is sealed with a library cannot be opened without it.
 */
final class LibraryChoice implements Supplier<@Nullable LibCrypto> {

    private final LibcryptoUse use;
    private final String access;
    private final AtomicReference<@Nullable Optional<LibCrypto>> chosen = new AtomicReference<>();

    /** @param access how native code is called */
    LibraryChoice(LibcryptoUse use, String access) {
        this.use = use;
        this.access = access;
    }

    /**
     * Returns the library, or null if there is none. Always the same, also if several threads ask for the first time at
     * once.
     */
    @Override
    public @Nullable LibCrypto get() {
        Optional<LibCrypto> made = chosen.get();
        if (made == null) {
            chosen.compareAndSet(null, Optional.ofNullable(use == LibcryptoUse.AUTO ? LibCryptos.find(access) : null));
            made = Objects.requireNonNull(chosen.get());
        }
        return made.orElse(null);
    }

    /** Whether there is a library that is faster for this many bytes. */
    boolean isWorthwhile(int length) {
        LibCrypto found = length < LibCrypto.SHORTEST ? null : get();
        return found != null && length >= found.worthwhileFrom();
    }

    /** Returns the version of the library, or an empty text if there is none, or it was not needed yet. */
    String version() {
        Optional<LibCrypto> made = chosen.get();
        return made == null ? "" : made.map(LibCrypto::version).orElse("");
    }
}
