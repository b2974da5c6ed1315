package io.securememory.spring.boot.autoconfigure;

import io.securememory.SecureMemoryOptions;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import io.securememory.memguard.LockPolicy;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.MemGuardOptions;
import io.securememory.spring.boot.properties.SettingsConfiguration;
import java.security.Security;
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
 * Shortens the start of an application. While Spring Boot reads the bean definitions of auto-configurations, a
 * background thread does the work that takes most of the time that this starter adds: it binds the properties once,
 * links the calls to native code, and loads the JVM's list of providers, which must be complete before one is added.
 *
 * <p>The work begins when Spring Boot knows which auto-configurations are imported. Nothing is done unless
 * {@link SecureMemoryAutoConfiguration} is one of them, whatever the way to exclude it. In an application that was
 * processed ahead of time, the generated code that registers declared secrets starts the work.
 *
 * <p>Nothing depends on this work. The bound properties and the created objects are dropped, but calls that were
 * linked stay linked for the session. If the session needs a call at the same time, the first thread links it, and the
 * other one waits. Failures are only reported later, by the session, which meets them again. JNA is not loaded here,
 * because a class that fails to load gives the reason only once: the session must get it.
 *
 * <p>Does nothing if Secure Memory is disabled, if there is only one processor, or if Spring Boot's own background
 * preparation is switched off ({@code spring.backgroundpreinitializer.ignore}).
 */
final class BackgroundWarmUp implements AutoConfigurationImportListener, EnvironmentAware {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundWarmUp.class);

    private static final int FFM_SINCE = 22;

    private static final String IGNORED = "spring.backgroundpreinitializer.ignore";

    private final Executor background;
    private final Function<NativeAccess, MemCall> memCalls;
    private @Nullable Environment environment;

    /** Called by Spring Boot. */
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

    /** Starts the background work, unless it is switched off. */
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
            Security.getProviders();
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

    /** Locks no memory, so that it uses nothing of the limit that the session needs. */
    private static void useOnce(MemCall memCall) {
        MemGuard guard = MemGuard.create(
                memCall, MemGuardOptions.DEFAULTS.withLockPolicy(LockPolicy.OFF).withMaxIdle(0));
        guard.allocate(1).close();
        guard.purge();
    }
}
