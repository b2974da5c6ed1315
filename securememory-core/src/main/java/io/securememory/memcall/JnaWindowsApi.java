package io.securememory.memcall;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.securememory.memcall.internal.Apart;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Windows' functions through JNA. */
final class JnaWindowsApi extends JnaMemory implements WindowsApi {

    private static final boolean ON_WINDOWS = com.sun.jna.Platform.isWindows();

    private final Addresses addresses;
    private final int callFlags;

    /** Only where this Java does not run on Windows itself: there, JNA notes the error number after each call. */
    private final @Nullable NamedFunction getLastError;

    private JnaWindowsApi(Addresses addresses, int callFlags) {
        this.addresses = addresses;
        this.callFlags = callFlags;
        this.getLastError = ON_WINDOWS ? null : find("kernel32", "GetLastError");
    }

    /**
     * Finds functions by their names.
     *
     * @throws LinkageError if JNA is missing, too old, or cannot load its library
     */
    static WindowsApi open() {
        return new JnaWindowsApi(JnaWindowsApi::addressByName, Function.C_CONVENTION);
    }

    /** Uses functions at given addresses, with JNA's number of a calling convention. */
    static WindowsApi at(Addresses addresses, int callFlags) {
        return new JnaWindowsApi(addresses, callFlags);
    }

    /** The libraries are part of every Windows process, so that closing them removes no function. */
    private static long addressByName(String library, String function) {
        return Apart.get(() -> {
            NativeLibrary opened =
                    NativeLibrary.getInstance(library, Map.of(JnaWindowsApi.class.getName() + ".find", true));
            try {
                return Pointer.nativeValue(opened.getGlobalVariableAddress(function));
            } catch (UnsatisfiedLinkError e) {
                return 0L;
            } finally {
                close(opened);
            }
        });
    }

    @SuppressWarnings("deprecation") // Older versions have no other name for closing it.
    private static void close(NativeLibrary opened) {
        opened.dispose();
    }

    @Override
    public @Nullable NamedFunction find(String library, String function) {
        long address = addresses.of(library, function);
        if (address == 0) {
            return null;
        }
        Function bound = Function.getFunction(new Pointer(address), callFlags);
        return (first, second, third, fourth, fifth) ->
                bound.invokeLong(new Object[] {first, second, third, fourth, fifth});
    }

    @Override
    public int lastError() {
        return getLastError == null ? Native.getLastError() : (int) getLastError.call(0, 0, 0, 0, 0);
    }
}
