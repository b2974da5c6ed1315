package io.securememory.spring.boot.autoconfigure;

import io.securememory.SecureMemoryOptions;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import io.securememory.memguard.LockPolicy;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.MemGuardOptions;
import io.securememory.spring.boot.properties.SettingsConfiguration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationImportEvent;
import org.springframework.boot.autoconfigure.AutoConfigurationImportListener;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Does in a thread of its own what takes most of the time that this starter adds to a start, while Spring Boot reads the
 * bean definitions of auto-configurations: binds the properties once, and links the calls to native code.
 *
 * <p>Begins when it is known which auto-configurations are imported, and does nothing unless ours is among them, however it
 * may be excluded. In an application that was processed ahead of time, the generated code that registers declared secrets
 * begins it.
 *
 * <p>Nothing depends on it. What it binds and makes is dropped, and what is linked stays linked for the session;
 * whoever comes first links, and the other one waits. A failure is left to the session, which reports it; JNA is left
 * to it, too, because a class of it that fails to load tells the reason only once.
 *
 * <p>Does nothing where Secure Memory is disabled, where there is one processor, or where Spring Boot's own preparation
 * in the background is switched off ({@code spring.backgroundpreinitializer.ignore}).
 */
final class BackgroundWarmUp implements AutoConfigurationImportListener, EnvironmentAware {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundWarmUp.class);

    private static final int FFM_SINCE = 22;

    private static final String IGNORED = "spring.backgroundpreinitializer.ignore";

    private final Executor background;
    private final Function<NativeAccess, MemCall> memCalls;
    private @Nullable Environment environment;

    /** For Spring Boot. */
    BackgroundWarmUp() {
        this(BackgroundWarmUp::startThread, MemCalls::lookup);
    }

    BackgroundWarmUp(Executor background, Function<NativeAccess, MemCall> memCalls) {
        this.background = background;
        this.memCalls = memCalls;
    }

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void onAutoConfigurationImportEvent(AutoConfigurationImportEvent event) {
        Environment known = environment;
        if (known != null
                && event.getCandidateConfigurations().contains(SecureMemoryAutoConfiguration.class.getName())) {
            begin(known);
        }
    }

    /** Begins unless it is not wanted. */
    void begin(Environment known) {
        if (isWanted(known)) {
            background.execute(() -> warmUp(known));
        }
    }

    private static void startThread(Runnable task) {
        Thread thread = new Thread(task, "secure-memory-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static boolean isWanted(Environment environment) {
        return Runtime.getRuntime().availableProcessors() > 1
                && !Boolean.getBoolean(IGNORED)
                && !Boolean.getBoolean("spring.aot.processing")
                && SpringBootVersionCheck.isEnabled(environment);
    }

    private void warmUp(Environment environment) {
        try {
            SecureMemoryOptions options =
                    SettingsConfiguration.bind(environment).toOptions();
            if (options.nativeAccess() != NativeAccess.JNA && Runtime.version().feature() >= FFM_SINCE) {
                useOnce(memCalls.apply(NativeAccess.FFM));
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.debug(
                    "Not warmed up, because of {}; the start goes on",
                    e.getClass().getName());
        }
    }

    /** Locks nothing, so that it takes nothing from the session's limit. */
    private static void useOnce(MemCall memCall) {
        MemGuard guard = MemGuard.create(
                memCall, MemGuardOptions.DEFAULTS.withLockPolicy(LockPolicy.OFF).withMaxIdle(0));
        guard.allocate(1).close();
        guard.purge();
    }
}
