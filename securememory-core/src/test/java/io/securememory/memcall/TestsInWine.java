package io.securememory.memcall;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.securememory.testing.ChosenTests;
import java.io.IOException;
import java.util.Objects;

/** Runs tests in a Linux JVM that a Wine process hosts, as if that JVM were one for Windows. See platforms/wine. */
public final class TestsInWine {

    private TestsInWine() {}

    /**
     * Runs tests and ends the JVM.
     *
     * @param arguments as for {@link ChosenTests#main}
     */
    public static void main(String[] arguments) throws IOException {
        if (!WineHost.isHere()) {
            throw new IllegalStateException("this JVM is not hosted by a Wine process");
        }
        // JNA chooses its own library, and how it looks for others, by os.name when it is loaded.
        Objects.requireNonNull(NativeLibrary.getInstance(null), Native.VERSION);
        System.setProperty("os.name", "Windows 10");
        ChosenTests.main(arguments);
    }
}
