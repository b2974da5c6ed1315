package io.securememory.memcall.internal;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Binds the native methods of one class to a library in JNA's direct mapping, for as long as somebody has an instance.
 *
 * <p>Nothing of JNA that stays is left behind, because a container that drops an application could never be rid of its class
 * loader otherwise. A bound function is held by native code, so that all are unbound when the last instance is unreachable:
 * then nobody is inside one, as native code holds the instance it was called on. What JNA's cleaner has to clean, keeps its
 * thread; here that is nothing, and half a minute later the thread ends. What JNA keeps for a thread is kept for one that
 * ends at once.
 *
 * <p>Only what old versions of JNA have is used, as an application gets the version that its other libraries brought.
 */
public final class JnaBinding {

    /** Each leaves some kilobytes of native memory, which JNA does not give back; after so many, the last one stays. */
    public static final int MAX_BINDINGS = 100;

    private final Class<?> functions;
    private final Supplier<String> library;
    private final Map<String, ?> options;
    private final Map<String, String> symbols;

    /** Instances that are reachable. Guarded by this, as are the other two. */
    private int instances;

    private int bindings;
    private boolean bound;

    /**
     * Binds nothing yet.
     *
     * @param functions declares the native methods, as instance methods
     * @param library gives the name of a library that stays in the process when it is closed; not asked before JNA is there
     * @param options of JNA
     */
    public JnaBinding(Class<?> functions, Supplier<String> library, Map<String, ?> options) {
        this(functions, library, options, Map.of());
    }

    /**
     * Binds nothing yet.
     *
     * @param functions declares the native methods, as instance methods
     * @param library gives the name of a library that stays in the process when it is closed; not asked before JNA is there
     * @param options of JNA
     * @param symbols names in the library of those methods that are called otherwise here
     */
    public JnaBinding(
            Class<?> functions, Supplier<String> library, Map<String, ?> options, Map<String, String> symbols) {
        this.functions = functions;
        this.library = library;
        this.options = Map.copyOf(options);
        this.symbols = Map.copyOf(symbols);
    }

    /**
     * Binds the functions unless they are.
     *
     * @param <T> the class that declares them
     * @param instance a new one
     * @return the instance
     * @throws LinkageError if JNA is missing, too old, or cannot load its library, or the library or one of the functions is
     *     not there
     */
    public <T> T open(T instance) {
        return open(instance, checked -> {});
    }

    /**
     * Binds the functions unless they are, and checks the library. If it is refused and nobody else has an instance, the
     * functions are unbound, so that another library can be tried.
     *
     * @param <T> the class that declares them
     * @param instance a new one
     * @param check calls functions of the instance, and throws what is thrown to the caller
     * @return the instance
     * @throws LinkageError as {@link #open(Object)}
     */
    public synchronized <T> T open(T instance, Consumer<? super T> check) {
        if (!bound) {
            bound = Apart.get(this::bind);
            bindings++;
        }
        boolean refused = true;
        try {
            check.accept(instance);
            refused = false;
        } finally {
            if (refused && instances == 0) {
                bound = false;
                Native.unregister(functions);
            }
        }
        instances++;
        LibraryCleaner.get().register(instance, this::unbindAfterLast);
        return instance;
    }

    private synchronized void unbindAfterLast() {
        instances--;
        if (instances == 0 && bindings < MAX_BINDINGS) {
            bound = false;
            Native.unregister(functions);
        }
    }

    /**
     * Counts the instances that are reachable.
     *
     * @return their number
     */
    public synchronized int instances() {
        return instances;
    }

    /**
     * Tells whether the functions are bound.
     *
     * @return whether they can be called
     */
    public synchronized boolean isBound() {
        return bound;
    }

    /** Closes the library once its functions are bound. Nobody else has this instance, by an option that JNA does not know. */
    @SuppressWarnings("deprecation") // Older versions have no other name for closing it.
    private boolean bind() {
        Map<String, Object> own = new HashMap<>(options);
        own.put(functions.getName(), true);
        if (!symbols.isEmpty()) {
            own.put(Library.OPTION_FUNCTION_MAPPER, (FunctionMapper)
                    (opened, method) -> symbols.getOrDefault(method.getName(), method.getName()));
        }
        NativeLibrary opened = NativeLibrary.getInstance(library.get(), own);
        try {
            Native.register(functions, opened);
        } finally {
            opened.dispose();
        }
        return true;
    }
}
