package io.securememory.memcall;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Objects;

/** Runs a program in a Linux JVM that a Wine process hosts, as if that JVM were one for Windows. See platforms/wine. */
public final class InWine {

    private InWine() {}

    /**
     * Runs a program.
     *
     * @param arguments the name of its main class, and its arguments
     */
    public static void main(String[] arguments) throws Throwable {
        if (!WineHost.isHere()) {
            throw new IllegalStateException("this JVM is not hosted by a Wine process");
        }
        // JNA chooses its own library, and how it looks for others, by os.name when it is loaded.
        Objects.requireNonNull(NativeLibrary.getInstance(null), Native.VERSION);
        System.setProperty("os.name", "Windows 10");
        Method main = Class.forName(arguments[0]).getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
