package io.securememory.memcall;

import java.util.function.Supplier;

/** The libraries of the operating system that this Java runs on. */
final class SystemLibraries {

    private SystemLibraries() {}

    static NativeLibraries of(NativeAccess access) {
        boolean ffm = access == NativeAccess.FFM || (access == NativeAccess.AUTO && ForeignLibC.isAvailable());
        return ffm ? new Foreign() : new Jna();
    }

    private static final class Foreign implements NativeLibraries {

        @Override
        public LibC libC() {
            return ForeignLibC.open();
        }

        @Override
        public WindowsApi windows() {
            return ForeignWindowsApi.open();
        }
    }

    private static final class Jna implements NativeLibraries {

        @Override
        public LibC libC() {
            return open(() -> new JnaLibC());
        }

        @Override
        public WindowsApi windows() {
            return open(() -> JnaWindowsApi.open());
        }

        private static <T> T open(Supplier<T> jna) {
            try {
                return jna.get();
            } catch (VirtualMachineError e) {
                throw e;
            } catch (Error e) { // Not only LinkageError: JNA throws an Error if it finds a library of another version.
                throw JnaFailure.of(e);
            }
        }
    }
}
