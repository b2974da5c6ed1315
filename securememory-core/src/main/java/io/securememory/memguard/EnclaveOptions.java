package io.securememory.memguard;

import java.time.Duration;
import java.util.Objects;

/**
 * Settings of enclaves and streams. Immutable; each {@code with} method returns changed settings.
 *
 * @param rekeyInterval after which time both halves of the key are replaced, or zero for never
 * @param streamChunkSize bytes of plaintext in each part of a stream
 * @param maxWindows most idle windows of each size that are kept, and most that exist under {@link WindowExhaustion#WAIT}
 * @param whenExhausted what an access does when every window is in use
 * @param libcrypto whether long texts are sealed and opened by libcrypto
 */
public record EnclaveOptions(
        Duration rekeyInterval,
        int streamChunkSize,
        int maxWindows,
        WindowExhaustion whenExhausted,
        LibcryptoUse libcrypto) {

    /** Most bytes of a stream's part. */
    static final int MAX_CHUNK_SIZE = 1 << 24;

    private static final int MAX_WINDOWS = 4096;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    /** Rekey every 500 ms, parts of 16 KiB, 64 windows, grow, libcrypto where there is one. */
    public static final EnclaveOptions DEFAULTS =
            new EnclaveOptions(Duration.ofMillis(500), 16 * 1024, 64, WindowExhaustion.GROW, LibcryptoUse.AUTO);

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range; the message names it
     */
    public EnclaveOptions {
        Objects.requireNonNull(whenExhausted, "whenExhausted");
        Objects.requireNonNull(libcrypto, "libcrypto");
        if (!rekeyInterval.isZero()
                && (rekeyInterval.compareTo(SHORTEST) < 0 || rekeyInterval.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException(
                    "rekeyInterval is " + Times.inWords(rekeyInterval) + ", expected 0 or 1 millisecond to 365 days");
        }
        requireChunkSize(streamChunkSize);
        if (maxWindows < 1 || maxWindows > MAX_WINDOWS) {
            throw new IllegalArgumentException("maxWindows is " + maxWindows + ", expected 1 to " + MAX_WINDOWS);
        }
    }

    static void requireChunkSize(int size) {
        if (size < 1 || size > MAX_CHUNK_SIZE) {
            throw new IllegalArgumentException(
                    "streamChunkSize is " + size + ", expected 1 to " + MAX_CHUNK_SIZE + " bytes");
        }
    }

    /**
     * Changes after which time both halves of the key are replaced.
     *
     * @param value the interval, or zero for never
     * @return changed settings
     */
    public EnclaveOptions withRekeyInterval(Duration value) {
        return new EnclaveOptions(value, streamChunkSize, maxWindows, whenExhausted, libcrypto);
    }

    /**
     * Changes how many bytes of plaintext are in each part of a stream.
     *
     * @param value bytes
     * @return changed settings
     */
    public EnclaveOptions withStreamChunkSize(int value) {
        return new EnclaveOptions(rekeyInterval, value, maxWindows, whenExhausted, libcrypto);
    }

    /**
     * Changes how many windows are kept.
     *
     * @param value number of windows of each size, at least 1
     * @return changed settings
     */
    public EnclaveOptions withMaxWindows(int value) {
        return new EnclaveOptions(rekeyInterval, streamChunkSize, value, whenExhausted, libcrypto);
    }

    /**
     * Changes what an access does when every window is in use.
     *
     * @param value what it does
     * @return changed settings
     */
    public EnclaveOptions withWhenExhausted(WindowExhaustion value) {
        return new EnclaveOptions(rekeyInterval, streamChunkSize, maxWindows, value, libcrypto);
    }

    /**
     * Changes whether long texts are sealed and opened by libcrypto.
     *
     * @param value whether they are
     * @return changed settings
     */
    public EnclaveOptions withLibcrypto(LibcryptoUse value) {
        return new EnclaveOptions(rekeyInterval, streamChunkSize, maxWindows, whenExhausted, value);
    }
}
