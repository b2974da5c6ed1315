package io.securememory.spring.boot.autoconfigure;

import io.securememory.ProtectionReport;
import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.jca.CryptoEngine;
import io.securememory.jca.CryptoEngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine that computes with the keys of a context. It is chosen when the first key or the first report needs it, so that
 * an application without keys loads no library.
 *
 * <p>Threading: safe.
 */
public final class ChosenEngine {

    /** Name of the item in reports. */
    public static final String ITEM = "crypto-engine";

    private static final String REMEDY = "Install OpenSSL 3 (package libssl3 or openssl-libs), or set"
            + " securememory.crypto.library to the file of its libcrypto. With securememory.crypto.engine=libcrypto, the"
            + " start fails without it.";

    private final Supplier<CryptoEngine> choice;
    private volatile @Nullable CryptoEngine chosen;

    /** @param choice chooses the engine; gives the same one each time */
    ChosenEngine(Supplier<CryptoEngine> choice) {
        this.choice = choice;
    }

    /**
     * Returns the engine, and chooses it the first time.
     *
     * @return the engine
     * @throws RuntimeException with a {@link CryptoEngineException} as its cause if there is none
     */
    public CryptoEngine get() {
        CryptoEngine present = chosen;
        if (present == null) {
            present = choice.get(); // No lock: the container holds one of its own meanwhile.
            chosen = present;
        }
        return present;
    }

    /**
     * Adds the engine to a report, and chooses it the first time.
     *
     * @param report what is protected
     * @return the same with one more item
     */
    public ProtectionReport addTo(ProtectionReport report) {
        return with(report, found().item());
    }

    /** Adds the engine to a report if it was chosen. */
    ProtectionReport addIfChosen(ProtectionReport report) {
        CryptoEngine present = chosen;
        return present == null ? report : with(report, Found.of(present).item());
    }

    private static ProtectionReport with(ProtectionReport report, Item item) {
        List<Item> items = new ArrayList<>(report.items());
        items.add(item);
        return new ProtectionReport(items, report.kernelFlags());
    }

    /**
     * Describes the engine, and chooses it the first time.
     *
     * @return what computes with keys, or why nothing does
     */
    public Found found() {
        try {
            return Found.of(get());
        } catch (RuntimeException e) {
            return Found.none(e);
        }
    }

    /**
     * What computes with keys.
     *
     * @param engine {@code libcrypto}, {@code bouncycastle} or {@code none}
     * @param version the library's version; empty if there is none
     * @param consequence sentences that say what follows for keys; empty if they are in native memory only
     * @param remedy sentences that say what to do about it; empty if nothing is to be done
     */
    public record Found(String engine, String version, String consequence, String remedy) {

        static Found of(CryptoEngine engine) {
            boolean isNative = engine.kind() == CryptoEngine.Kind.LIBCRYPTO;
            return new Found(
                    isNative ? "libcrypto" : "bouncycastle",
                    engine.version(),
                    isNative ? "" : engine.consequence(),
                    isNative ? "" : REMEDY);
        }

        static Found none(RuntimeException failure) {
            Throwable cause = failure;
            while (cause != null && !(cause instanceof CryptoEngineException)) {
                cause = cause.getCause();
            }
            return new Found(
                    "none",
                    "",
                    cause == null
                            ? "It cannot be found out now: "
                                    + failure.getClass().getName() + "."
                            : String.valueOf(cause.getMessage()),
                    REMEDY);
        }

        /** A fallback is a risk and no failure: all protections that were requested are in force. */
        Item item() {
            if (remedy.isEmpty()) {
                return new Item(
                        ITEM,
                        State.ACTIVE,
                        "In force: " + version + " computes with keys in native memory, and not on the heap.",
                        "");
            }
            return new Item(ITEM, State.RISK, consequence, remedy);
        }
    }
}
