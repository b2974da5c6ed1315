package io.securememory.memguard;

import io.securememory.memguard.internal.Bytes;
import java.io.OutputStream;

/** Appends to an {@link EnclaveStream}. */
final class EnclaveOutputStream extends OutputStream {

    private final EnclaveStream stream;

    EnclaveOutputStream(EnclaveStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(int value) {
        byte[] one = {(byte) value};
        try {
            stream.write(one, 0, 1);
        } finally {
            Bytes.wipe(one);
        }
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        stream.write(source, offset, length);
    }
}
