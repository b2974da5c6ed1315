package io.securememory.memcall;

import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Windows' functions in a Wine process that hosts this JVM. The host hands in the addresses of the functions. A thread
 * calls them once the host has lent it what Wine keeps for each of its threads, and gives it back when it ends.
 */
final class WineHost implements WindowsApi {

    /** JNA's number for the calling convention of Windows, on Linux. */
    private static final int FFI_WIN64 = 3;

    private final WindowsApi api;
    private final NamedFunction attach;

    private WineHost(WindowsApi api, NamedFunction attach) {
        this.api = api;
        this.attach = attach;
    }

    static boolean isHere() {
        return System.getProperty("host.attach") != null;
    }

    static WindowsApi open(NativeAccess access) {
        boolean ffm = access == NativeAccess.FFM || (access == NativeAccess.AUTO && ForeignLibC.isAvailable());
        Addresses addresses = (library, function) -> Long.getLong(library + "." + function, 0);
        Addresses host = (library, function) -> Long.getLong("host.attach", 0);
        WindowsApi api = ffm ? ForeignWindowsApi.at(addresses) : JnaWindowsApi.at(addresses, FFI_WIN64);
        WindowsApi own = ffm ? ForeignWindowsApi.at(host) : JnaWindowsApi.at(host, FFI_WIN64);
        return new WineHost(api, java.util.Objects.requireNonNull(own.find("host", "attach")));
    }

    @Override
    public @Nullable NamedFunction find(String library, String function) {
        NamedFunction found = api.find(library, function);
        return found == null
                ? null
                : (first, second, third, fourth, fifth) -> {
                    attachThread();
                    return found.call(first, second, third, fourth, fifth);
                };
    }

    /** Before each call, as a virtual thread may be on another thread than at its last call. The host lends only once. */
    private void attachThread() {
        if ((int) attach.call(0, 0, 0, 0, 0) != 0) {
            throw new AssertionError("the host has no threads left to lend: raise its number");
        }
    }

    @Override
    public int lastError() {
        return api.lastError();
    }

    @Override
    public ByteBuffer buffer(long address, int length) {
        return api.buffer(address, length);
    }

    @Override
    public @Nullable ScopedBuffer scopedBuffer(long address, int length) {
        return api.scopedBuffer(address, length);
    }

    @Override
    public String name() {
        return api.name();
    }
}
