package io.securememory.spring.boot.autoconfigure.lifecycle;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs one handler for each signal, which all sessions of this JVM share. The handler runs the actions of the
 * sessions and then passes the signal on to the previous handler. When the last session is removed, the previous
 * handler is restored.
 *
 * <p>Signals are handled by {@code sun.misc.Signal} of the module {@code jdk.unsupported}. The class is used by
 * reflection, because compilers warn of it and a jlink image may not contain it.
 *
 * <p><b>Threading.</b> The JVM calls a handler on a separate thread. Neither actions nor previous handlers are called
 * under the lock: a handler that shuts the JVM down waits for contexts to close, and these remove their actions here.
 */
final class SignalCoordinator {

    private static final Logger LOG = LoggerFactory.getLogger(SignalCoordinator.class);

    /** Handlers by the name of their signal. Guarded by itself. Empty if no session listens. */
    private static final Map<String, Handler> HANDLERS = new HashMap<>();

    /** HotSpot would allow a handler for this signal, but could then no longer suspend threads to sample them. */
    private static final String SUSPENDS_THREADS = "USR2";

    /** HotSpot installs no handler for these signals if they were ignored when it started. */
    private static final Set<String> STAY_IGNORED = Set.of("HUP", "INT", "TERM");

    private SignalCoordinator() {}

    /**
     * Adds an action for a signal.
     *
     * @param name the name of the signal, without SIG
     * @return an object whose close removes the action
     * @throws IllegalArgumentException if the signal does not exist, or cannot be handled; the message says why
     */
    static AutoCloseable onSignal(String name, Runnable action) {
        if (name.equals(SUSPENDS_THREADS)) {
            throw new IllegalArgumentException("the JVM suspends threads with it");
        }
        if (ReducedSignals.inForce()) {
            throw new IllegalArgumentException("the JVM was started with -Xrs and calls no handler of a signal."
                    + " Start Java without -Xrs, or use none of these properties");
        }
        synchronized (HANDLERS) {
            Handler handler = HANDLERS.get(name);
            if (handler == null) {
                handler = new Handler(name);
                handler.install();
                HANDLERS.put(name, handler);
            }
            handler.actions.add(action);
            Handler installed = handler;
            return () -> remove(installed, action);
        }
    }

    private static void remove(Handler handler, Runnable action) {
        synchronized (HANDLERS) {
            if (handler.actions.remove(action) && handler.actions.isEmpty()) {
                HANDLERS.remove(handler.name);
                handler.uninstall();
            }
        }
    }

    /** The handler of one signal. */
    private static final class Handler {

        final String name;
        final List<Runnable> actions = new CopyOnWriteArrayList<>();
        private final SignalApi api = SignalApi.load();
        private final Object signal;
        private final Object handler;
        private volatile Object before;

        Handler(String name) {
            this.name = name;
            signal = api.signal(name);
            handler = api.handler(this::handle);
            before = api.ignored();
        }

        void install() {
            before = api.install(signal, handler);
            if (before == api.ignored() && STAY_IGNORED.contains(name)) {
                LOG.warn(
                        "Signal {} wipes nothing: it was ignored when the JVM started, and stays ignored. nohup and"
                                + " scripts start background processes in this way",
                        name);
            }
        }

        /** Restores the previous handler, unless another handler was installed after this one: that handler stays. */
        void uninstall() {
            Object current = api.install(signal, before);
            if (current != handler) {
                api.install(signal, current);
            }
        }

        private void handle() {
            LOG.warn("Signal {}: everything in Secure Memory is wiped now", name);
            for (Runnable action : actions) {
                try {
                    action.run();
                } catch (RuntimeException | Error e) {
                    LOG.error("Signal {}: not everything could be wiped", name, e);
                }
            }
            try {
                api.handOn(before, signal);
            } catch (UnsupportedOperationException e) {
                LOG.error("Signal {}: its previous handler is native code, which Java cannot call", name);
            }
        }
    }

    /** {@code sun.misc.Signal} and its handlers. */
    private record SignalApi(
            Class<?> handlerType,
            MethodHandle constructor,
            MethodHandle handle,
            MethodHandle dispatch,
            Object defaultHandler,
            Object ignored) {

        static SignalApi load() {
            try {
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                Class<?> signal = Class.forName("sun.misc.Signal");
                Class<?> handler = Class.forName("sun.misc.SignalHandler");
                return new SignalApi(
                        handler,
                        lookup.findConstructor(signal, MethodType.methodType(void.class, String.class)),
                        lookup.findStatic(signal, "handle", MethodType.methodType(handler, signal, handler)),
                        lookup.findVirtual(handler, "handle", MethodType.methodType(void.class, signal)),
                        handler.getField("SIG_DFL").get(null),
                        handler.getField("SIG_IGN").get(null));
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(
                        "this Java cannot handle signals: it has no module jdk.unsupported.", e);
            }
        }

        Object signal(String name) {
            return call(() -> constructor.invoke(name));
        }

        /** Makes an instance of the handler interface, which has one method. */
        Object handler(Runnable action) {
            return Proxy.newProxyInstance(
                    SignalCoordinator.class.getClassLoader(),
                    new Class<?>[] {handlerType},
                    (proxy, method, arguments) -> {
                        if (method.getDeclaringClass() == Object.class) {
                            return method.invoke(action, arguments);
                        }
                        action.run();
                        return null;
                    });
        }

        Object install(Object signal, Object handler) {
            return call(() -> handle.invoke(signal, handler));
        }

        /**
         * Passes a signal on to a handler in Java code. The system's default action would end the process, so it is
         * not performed.
         */
        void handOn(Object handler, Object signal) {
            if (handler != defaultHandler && handler != ignored) {
                call(() -> dispatch.invoke(handler, signal));
            }
        }

        private static Object call(Call call) {
            try {
                Object result = call.run();
                return result == null ? "" : result;
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        /** Calls a method handle. */
        private interface Call {
            Object run() throws Throwable;
        }
    }
}
