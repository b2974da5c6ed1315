import static java.nio.charset.StandardCharsets.US_ASCII;

import io.securememory.Backing;
import io.securememory.HmacSha256;
import io.securememory.ProtectionReport;
import io.securememory.PurgeReport;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryException;
import io.securememory.SecureMemoryOptions;
import io.securememory.SecureMemoryOptions.CoreDumps;
import io.securememory.SecureMemoryStatus;
import io.securememory.Storage;
import io.securememory.WhenLimitReached;
import io.securememory.memguard.LockPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * An application that uses each kind of protected memory once, and prints what works and what the library reports.
 *
 * <p>Arguments: {@code policy=}, {@code limit=} (bytes), {@code when=}, {@code backing=}, {@code dumps=} for the options
 * of the session, {@code fill=} for a number of secrets of 64 KiB that it makes and keeps, and {@code wait}, to wait for
 * the end of the standard input before it ends.
 *
 * <p>Ends with 0 if everything worked, with 3 if the library refused, and with 1 if something worked wrongly.
 */
public final class Trial {

    /** Test case 2 of RFC 4231. */
    private static final String KEY = "Jefe";

    private static final String MESSAGE = "what do ya want for nothing?";
    private static final String SIGNATURE = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    private static final int FILLING = 1 << 16;

    private Trial() {}

    public static void main(String[] arguments) throws IOException {
        boolean wait = List.of(arguments).contains("wait");
        try (SecureMemory session = SecureMemory.create(options(arguments))) {
            Secret key = session.secrets(Storage.PROTECTED).create(KEY.getBytes(US_ASCII));
            require("a protected secret is read", reads(key));
            Secret sealed = session.secrets(Storage.SEALED).create(KEY.getBytes(US_ASCII));
            require("a sealed secret is read", reads(sealed));
            require("both sign as RFC 4231 says", signs(key) && signs(sealed));
            List<Secret> more = fill(session, value(arguments, "fill", "0"));
            require(more.size() + " secrets more are made", true);
            report(session);
            if (wait) {
                System.out.println("waiting, process " + ProcessHandle.current().pid());
                System.in.transferTo(System.out);
            }
            purge(session, key, sealed);
            System.out.println("done");
        } catch (SecureMemoryException e) {
            System.out.println("REFUSED: " + e.getClass().getSimpleName() + ": " + e.getMessage());
            System.exit(3);
        }
    }

    private static SecureMemoryOptions options(String[] arguments) {
        SecureMemoryOptions.Builder options = SecureMemoryOptions.builder()
                .lockPolicy(LockPolicy.valueOf(value(arguments, "policy", "REQUIRE")))
                .whenLimitReached(WhenLimitReached.valueOf(value(arguments, "when", "SEAL")))
                .backing(Backing.valueOf(value(arguments, "backing", "AUTO")))
                .coreDumps(CoreDumps.valueOf(value(arguments, "dumps", "EXCLUDE_REGIONS")));
        long limit = Long.parseLong(value(arguments, "limit", "0"));
        return (limit == 0 ? options : options.lockLimitBytes(limit)).build();
    }

    private static String value(String[] arguments, String name, String otherwise) {
        for (String argument : arguments) {
            if (argument.startsWith(name + "=")) {
                return argument.substring(name.length() + 1);
            }
        }
        return otherwise;
    }

    private static boolean reads(Secret secret) {
        return secret.withBytes(view -> {
            for (int i = 0; i < KEY.length(); i++) {
                if (view.get(i) != KEY.charAt(i)) {
                    return false;
                }
            }
            return view.length() == KEY.length();
        });
    }

    private static boolean signs(Secret key) {
        byte[] signature = new HmacSha256(key).sign(MESSAGE.getBytes(US_ASCII));
        return HexFormat.of().formatHex(signature).equals(SIGNATURE);
    }

    /** Makes secrets of {@value FILLING} bytes. They are kept, or leak detection would wipe them. */
    private static List<Secret> fill(SecureMemory session, String number) {
        List<Secret> secrets = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(number); i++) {
            secrets.add(session.secrets().createRandom(FILLING));
        }
        return secrets;
    }

    private static void report(SecureMemory session) {
        SecureMemoryStatus status = session.status();
        System.out.println("Java " + Runtime.version().feature() + " by " + status.nativeAccess() + ", memory "
                + status.backing() + ", protected " + status.liveProtected() + ", sealed " + status.liveSealed()
                + ", degraded " + status.degradedTotal() + ", unlocked " + status.liveUnlocked());
        for (ProtectionReport.Item item : session.protection().items()) {
            System.out.println(item.name() + " " + item.state() + ": " + item.detail());
            if (!item.remedy().isEmpty()) {
                System.out.println("    Remedy: " + item.remedy());
            }
        }
    }

    private static void purge(SecureMemory session, Secret... secrets) {
        PurgeReport report = session.purge();
        System.out.println("purge: " + report.wiped() + " wiped, " + report.failed() + " failed");
        for (Secret secret : secrets) {
            require("a secret is closed by the purge", secret.isClosed());
        }
        require("the purge wiped everything", report.failed() == 0);
    }

    private static void require(String what, boolean works) {
        System.out.println((works ? "ok: " : "WRONG: ") + what);
        if (!works) {
            System.exit(1);
        }
    }
}
