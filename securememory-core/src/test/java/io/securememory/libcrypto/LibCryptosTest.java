package io.securememory.libcrypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.Storage;
import io.securememory.memcall.NativeAccess;
import io.securememory.memguard.Enclave;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.LibcryptoUse;
import io.securememory.testing.Await;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where libcrypto is found, and what happens where it is not. In children, as a library that is loaded stays. */
class LibCryptosTest {

    private static final int LENGTH = 64 * 1024;

    static Stream<NativeAccess> ways() {
        return Runtime.version().feature() >= 22
                ? Stream.of(NativeAccess.JNA, NativeAccess.FFM)
                : Stream.of(NativeAccess.JNA);
    }

    private static void assumeThatItIsHere() {
        assumeThat(LibCryptos.find("jna"))
                .as("not run: this machine has no %s", LibCryptos.NAME)
                .isNotNull();
    }

    private static String output(String what, NativeAccess way, String... environment) {
        ChildJvm child = ChildJvm.onTestClassPath(Child.class)
                .quickStart()
                .withNativeAccess()
                .options("-Xmx64m")
                .arguments(what, way.name());
        if (environment.length > 0) {
            child.environment(environment[0], environment[1]);
        }
        Result result = child.run();
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void itIsLoadedWhenSomethingLongIsSealedAndNotBefore(NativeAccess way) {
        assumeThatItIsHere();

        assertThat(output("auto", way))
                .containsSubsequence(
                        "open: not loaded, library \"\"",
                        "short: not loaded, library \"\"",
                        "long: loaded, library \"OpenSSL 3");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void itIsNeverLoadedWhereItIsTurnedOff(NativeAccess way) {
        assertThat(output("off", way)).contains("long: not loaded, library \"\"");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void itIsLoadedWhenSomethingIsSignedAndNotBefore(NativeAccess way) {
        assumeThatItIsHere();

        assertThat(output("sign", way)).containsSubsequence("open: not loaded", "short: not loaded", "signed: loaded");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void signingLoadsNothingWhereItIsTurnedOff(NativeAccess way) {
        assertThat(output("sign-off", way)).contains("signed: not loaded");
    }

    /** As where only validated ciphers may be used, or where there is no library. */
    @ParameterizedTest
    @MethodSource("ways")
    void whatItIsNotAllowedToComputeIsComputedHere(NativeAccess way, @TempDir Path directory) throws IOException {
        assumeThatItIsHere();
        Path configuration = Files.writeString(directory.resolve("openssl.cnf"), """
                openssl_conf = all
                [all]
                providers = providers
                [providers]
                base = base
                [base]
                activate = 1
                """);

        assertThat(output("auto", way, "OPENSSL_CONF", configuration.toString()))
                .contains("long: loaded, library \"\"");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theProcessEndsWhileThreadsAreInTheLibrary(NativeAccess way) {
        assertThat(output("exit", way)).contains("ending");
    }

    /** A container that drops an application must be rid of its class loader. */
    @ParameterizedTest
    @MethodSource("ways")
    void itsFunctionsAreBoundForAsLongAsSomebodyCanCallThem(NativeAccess way) {
        assumeThatItIsHere();

        assertThat(output("unbind", way)).contains("unbound");
    }

    /** The child. */
    static final class Child {

        private static final int THREADS = 4;
        private static final CountDownLatch RUNNING = new CountDownLatch(THREADS);

        private Child() {}

        public static void main(String[] arguments) throws Exception {
            NativeAccess way = NativeAccess.valueOf(arguments[1]);
            switch (arguments[0]) {
                case "exit" -> exit(way);
                case "unbind" -> {
                    use(way, LibcryptoUse.AUTO);
                    Await.collected("the end of the last user", () -> !JnaLibCrypto.isBound() && !JnaDigests.isBound());
                    System.out.println("unbound");
                }
                case "sign" -> sign(way, LibcryptoUse.AUTO);
                case "sign-off" -> sign(way, LibcryptoUse.OFF);
                default -> use(way, arguments[0].equals("off") ? LibcryptoUse.OFF : LibcryptoUse.AUTO);
            }
        }

        private static SecureMemory session(NativeAccess way, LibcryptoUse use) {
            return SecureMemory.create(SecureMemoryOptions.builder()
                    .nativeAccess(way)
                    .enclaves(EnclaveOptions.DEFAULTS.withLibcrypto(use))
                    .build());
        }

        private static void use(NativeAccess way, LibcryptoUse use) throws IOException {
            try (SecureMemory session = session(way, use)) {
                report("open", session);
                check(session, 100);
                report("short", session);
                check(session, LENGTH);
                report("long", session);
            }
        }

        private static void sign(NativeAccess way, LibcryptoUse use) throws IOException {
            try (SecureMemory session = session(way, use)) {
                report("open", session);
                check(session, 100);
                report("short", session);
                byte[] key = {1, 2, 3};
                byte[] signature = new HmacSha256(session.secrets().create(key.clone())).sign(new byte[LENGTH]);
                assertThat(signature).isEqualTo(signatureOfTheJdk(key));
                report("signed", session);
            }
        }

        private static byte[] signatureOfTheJdk(byte[] key) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                return mac.doFinal(new byte[LENGTH]);
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        private static void check(SecureMemory session, int length) {
            try (Enclave enclave = session.memGuard().seal(length, view -> {
                for (int i = 0; i < length; i++) {
                    view.put(i, (byte) (i * 31 + i / 256));
                }
            })) {
                enclave.withBytes(view -> {
                    for (int i = 0; i < length; i++) {
                        assertThat(view.get(i)).isEqualTo((byte) (i * 31 + i / 256));
                    }
                    return null;
                });
            }
        }

        private static void report(String when, SecureMemory session) throws IOException {
            List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
            System.out.println(when + ": "
                    + (maps.stream().anyMatch(line -> line.contains("libcrypto")) ? "loaded" : "not loaded")
                    + ", library \"" + session.memGuard().status().enclaves().library() + "\"");
        }

        private static void exit(NativeAccess way) throws InterruptedException {
            SecureMemory session = session(way, LibcryptoUse.AUTO);
            Secret secret = session.secrets(Storage.SEALED).createRandom(LENGTH);
            for (int i = 0; i < THREADS; i++) {
                Thread thread = new Thread(() -> readForEver(secret));
                thread.setDaemon(true);
                thread.start();
            }
            RUNNING.await();
            System.out.println("ending");
            System.exit(0);
        }

        @SuppressWarnings("InfiniteLoopStatement") // The process ends meanwhile.
        private static void readForEver(Secret secret) {
            while (true) {
                secret.<Byte, RuntimeException>withBytes(view -> view.get(1));
                RUNNING.countDown();
            }
        }
    }
}
