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
 * The one handler of each signal for all sessions of this virtual machine. It does what the sessions ask for, then hands the
 * signal on to whoever handled it before. When the last session leaves, the handler before is put back.
 *
 * <p>The signals are those of {@code sun.misc.Signal}, in the module {@code jdk.unsupported}: called by name, as a compiler
 * warns of it and an image made by jlink may lack it.
 *
 * <p><b>Threading.</b> The virtual machine calls a handler on a thread of its own. No action and no other handler is called
 * under the lock, because one that shuts down waits for contexts, which leave here.
 */
final class SignalCoordinator {

    private static final Logger LOG = LoggerFactory.getLogger(SignalCoordinator.class);

    /** By the name of their signal; guarded by itself. Empty when no session listens. */
    private static final Map<String, Handler> HANDLERS = new HashMap<>();

    /** HotSpot would let it be taken, and then could not stop a thread to sample it. */
    private static final String SUSPENDS_THREADS = "USR2";

    /** HotSpot does not touch these where they are ignored. */
    private static final Set<String> STAY_IGNORED = Set.of("HUP", "INT", "TERM");

    private SignalCoordinator() {}

    /**
     * Adds an action for a signal.
     *
     * @param name of the signal, without SIG
     * @return removes the action again
     * @throws IllegalArgumentException if the signal does not exist, or cannot be handled; the message says why
     */
    static AutoCloseable onSignal(String name, Runnable action) {
        if (name.equals(SUSPENDS_THREADS)) {
            throw new IllegalArgumentException("the virtual machine suspends threads with it");
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
                        "Signal {} wipes nothing: it was ignored when the virtual machine started, as nohup and scripts do"
                                + " for what they start in the background, and stays so",
                        name);
            }
        }

        /** Puts the handler before back, unless someone else has come after us and stays. */
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
                LOG.error("Signal {}: its handler before is native code, which Java cannot call", name);
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

        /** A handler is an interface of one method. */
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

        /** To a handler of Java code. What the system does by default would end the process, so it is left out. */
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

        /** A method handle with its arguments. */
        private interface Call {
            Object run() throws Throwable;
        }
    }
}
