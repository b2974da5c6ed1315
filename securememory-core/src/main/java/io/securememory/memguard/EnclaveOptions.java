package io.securememory.memguard;

import java.time.Duration;
import java.util.Objects;

/**
 * Settings of enclaves and streams. Immutable; each {@code with} method returns changed settings.
 *
 * @param rekeyInterval after which time both halves of the key are replaced, from {@link #MIN_REKEY_INTERVAL} to
 *     {@link #MAX_REKEY_INTERVAL}, or zero for never
 * @param streamChunkSize bytes of plaintext in each part of a stream, from 1 to {@link #MAX_STREAM_CHUNK_SIZE}
 * @param maxWindows most idle windows of each size that are kept, and most that exist under {@link WindowExhaustion#WAIT};
 *     from 1 to {@link #MAX_WINDOWS}
 * @param whenExhausted what an access does when every window is in use
 * @param libcrypto whether long texts are sealed and opened, and signatures computed, with libcrypto
 */
public record EnclaveOptions(
        Duration rekeyInterval,
        int streamChunkSize,
        int maxWindows,
        WindowExhaustion whenExhausted,
        LibcryptoUse libcrypto) {

    /** Milliseconds after which the halves of the key are replaced, unless set otherwise: {@value}. */
    public static final int DEFAULT_REKEY_MILLIS = 500;

    /** Bytes of plaintext in each part of a stream, unless set otherwise: {@value}. */
    public static final int DEFAULT_STREAM_CHUNK_SIZE = 16 * 1024;

    /** Windows of each size, unless set otherwise: {@value}. */
    public static final int DEFAULT_MAX_WINDOWS = 64;

    /** Shortest time after which the halves of the key can be replaced: a millisecond. */
    public static final Duration MIN_REKEY_INTERVAL = Duration.ofMillis(1);

    /** Longest time after which the halves of the key can be replaced: 365 days. */
    public static final Duration MAX_REKEY_INTERVAL = Duration.ofDays(365);

    /** Most bytes of plaintext in a part of a stream: {@value}. */
    public static final int MAX_STREAM_CHUNK_SIZE = 1 << 24;

    /** Most windows of each size that can be asked for: {@value}. */
    public static final int MAX_WINDOWS = 4096;

    /**
     * {@link #DEFAULT_REKEY_MILLIS}, {@link #DEFAULT_STREAM_CHUNK_SIZE}, {@link #DEFAULT_MAX_WINDOWS},
     * {@link WindowExhaustion#GROW}, {@link LibcryptoUse#AUTO}.
     */
    public static final EnclaveOptions DEFAULTS = new EnclaveOptions(
            Duration.ofMillis(DEFAULT_REKEY_MILLIS),
            DEFAULT_STREAM_CHUNK_SIZE,
            DEFAULT_MAX_WINDOWS,
            WindowExhaustion.GROW,
            LibcryptoUse.AUTO);

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range; the message names it
     */
    public EnclaveOptions {
        Objects.requireNonNull(whenExhausted, "whenExhausted");
        Objects.requireNonNull(libcrypto, "libcrypto");
        if (!rekeyInterval.isZero()
                && (rekeyInterval.compareTo(MIN_REKEY_INTERVAL) < 0
                        || rekeyInterval.compareTo(MAX_REKEY_INTERVAL) > 0)) {
            throw new IllegalArgumentException("rekeyInterval is " + Times.inWords(rekeyInterval) + ", expected 0 or "
                    + Times.inWords(MIN_REKEY_INTERVAL) + " to " + MAX_REKEY_INTERVAL.toDays() + " days");
        }
        requireChunkSize(streamChunkSize);
        if (maxWindows < 1 || maxWindows > MAX_WINDOWS) {
            throw new IllegalArgumentException("maxWindows is " + maxWindows + ", expected 1 to " + MAX_WINDOWS);
        }
    }

    static void requireChunkSize(int size) {
        if (size < 1 || size > MAX_STREAM_CHUNK_SIZE) {
            throw new IllegalArgumentException(
                    "streamChunkSize is " + size + ", expected 1 to " + MAX_STREAM_CHUNK_SIZE + " bytes");
        }
    }

    /**
     * Changes the time after which both halves of the key are replaced.
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
     * @param value number of windows of each size
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
     * Changes whether long texts are sealed and opened with libcrypto.
     *
     * @param value when libcrypto is used
     * @return changed settings
     */
    public EnclaveOptions withLibcrypto(LibcryptoUse value) {
        return new EnclaveOptions(rekeyInterval, streamChunkSize, maxWindows, whenExhausted, value);
    }
}
