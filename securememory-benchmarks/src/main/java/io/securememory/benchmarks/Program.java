package io.securememory.benchmarks;

import com.godaddy.asherah.securememory.Secret;
import com.godaddy.asherah.securememory.SecretFactory;
import com.godaddy.asherah.securememory.protectedmemoryimpl.ProtectedMemorySecretFactory;
import com.goterl.lazysodium.SodiumJava;
import com.goterl.lazysodium.utils.LibraryLoader;
import io.securememory.MemoryCallException;
import io.securememory.MemoryLimitException;
import io.securememory.PurgeReport;
import io.securememory.SecureMemory;
import java.util.Arrays;

/**
 * What takes a virtual machine of its own: arguments are a key and how often. Prints nanoseconds, a line
 * for each time, or for the case start-up anything at all. Ends with 3 if this machine has no room for it.
 */
final class Program {

    static final int UNAVAILABLE = 3;

    private final Key key;
    private final int times;

    private Program(Key key, int times) {
        this.key = key;
        this.times = times;
    }

    @SuppressWarnings("checkstyle:console") // The output is read by the process that started this one.
    public static void main(String[] arguments) {
        Program program = new Program(Key.parse(arguments[0]), Integer.parseInt(arguments[1]));
        try {
            program.run();
        } catch (MemoryLimitException | MemoryCallException e) {
            System.out.println(e.getMessage());
            System.exit(UNAVAILABLE);
        }
    }

    private void run() {
        switch (key.what()) {
            case START_UP -> startUp();
            case CREATION -> creation();
            case PURGE -> {
                if (key.who() == Subject.ASHERAH) {
                    asherahPurge();
                } else {
                    purge();
                }
            }
            default -> throw new IllegalArgumentException(key + " is not for this program");
        }
    }

    private void startUp() {
        switch (key.who()) {
            case JVM, JVM_17 -> print(0);
            case ASHERAH ->
                print(new ProtectedMemorySecretFactory()
                        .createSecret(new byte[Sessions.LENGTH])
                        .<Byte>withSecretBytes(bytes -> bytes[0]));
            case LAZYSODIUM -> print(lazysodium());
            default -> {
                SecureMemory session = open();
                print(session.secrets()
                        .create(new byte[Sessions.LENGTH])
                        .<Byte, RuntimeException>withBytes(view -> view.get(0)));
            }
        }
    }

    private static byte lazysodium() {
        SodiumJava sodium = new SodiumJava(LibraryLoader.Mode.BUNDLED_ONLY);
        com.sun.jna.Pointer pointer = sodium.sodium_malloc(Sessions.LENGTH);
        pointer.write(0, new byte[Sessions.LENGTH], 0, Sessions.LENGTH);
        sodium.sodium_mprotect_noaccess(pointer);
        sodium.sodium_mprotect_readonly(pointer);
        return pointer.getByte(0);
    }

    private SecureMemory open() {
        return Sessions.open(key.who().storage(), key.who().nativeAccess());
    }

    private void creation() {
        byte[] source = new byte[Sessions.LENGTH];
        try (SecureMemory session = open()) {
            io.securememory.Secret[] secrets = new io.securememory.Secret[key.number()];
            for (int time = 0; time < times; time++) {
                long from = System.nanoTime();
                for (int i = 0; i < secrets.length; i++) {
                    secrets[i] = session.secrets().create(source);
                }
                print(System.nanoTime() - from);
                session.purge();
            }
        }
    }

    private void purge() {
        byte[] source = new byte[Sessions.LENGTH];
        try (SecureMemory session = open()) {
            io.securememory.Secret[] secrets = new io.securememory.Secret[key.number()];
            for (int time = 0; time < times; time++) {
                for (int i = 0; i < secrets.length; i++) {
                    secrets[i] = session.secrets().create(source);
                }
                print(time(() -> requireAllWiped(session.purge())));
            }
        }
    }

    private void requireAllWiped(PurgeReport report) {
        if (report.failed() > 0) {
            throw new IllegalStateException(key + ": " + report);
        }
    }

    /** Asherah has no purge: each secret is closed. */
    private void asherahPurge() {
        byte[] source = new byte[Sessions.LENGTH];
        SecretFactory factory = new ProtectedMemorySecretFactory();
        Secret[] secrets = new Secret[key.number()];
        for (int time = 0; time < times; time++) {
            for (int i = 0; i < secrets.length; i++) {
                secrets[i] = factory.createSecret(source);
            }
            print(time(() -> Arrays.stream(secrets).forEach(Secret::close)));
        }
    }

    private static long time(Runnable action) {
        long from = System.nanoTime();
        action.run();
        return System.nanoTime() - from;
    }

    @SuppressWarnings("checkstyle:console")
    private static void print(long nanoseconds) {
        System.out.println(nanoseconds);
    }
}
