package io.securememory.spring.boot.autoconfigure;

import io.securememory.UnsupportedPlatformException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains what to do when native code cannot be called at all. */
final class UnsupportedPlatformFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedPlatformException> {

    private static final String ACTION = """
            Do what fits the reason above.
            - Native access is denied: start Java with --enable-native-access=ALL-UNNAMED, or add \
            Enable-Native-Access: ALL-UNNAMED to the manifest of the application's jar.
            - JNA cannot load its library, which it unpacks to a temporary directory: set -Djna.tmpdir=<directory> to one \
            that is not mounted noexec and that this user may write to. Docker mounts --tmpfs noexec unless exec is added: \
            --tmpfs /tmp:exec. Or install the JNA of the operating system \
            (libjna-jni on Debian) in the same version and start Java with -Djna.nosys=false. Java 22 or later needs no JNA.
            - JNA is too old or missing: Spring Boot does not manage its version, so that it is the one that the nearest \
            dependency brings. Set the version of net.java.dev.jna:jna in the application's dependency management, or use \
            Java 22 or later, which needs no JNA.
            - This Java lacks the native access that is asked for: set securememory.native-access=auto.
            - The platform is not supported: on a developer's machine, set securememory.platform-fallback=sealed-only, which \
            seals secrets and goes on without protected memory, or securememory.enabled=false.
            To try the machine without the application, run java -jar securememory-core-<version>.jar on it.""";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedPlatformException cause) {
        return new FailureAnalysis(
                "Secure Memory cannot be used on this machine: " + cause.getMessage(), ACTION, cause);
    }
}
