package io.securememory.memguard;

import java.io.InputStream;

/** Takes bytes out of an {@link EnclaveStream}. */
final class EnclaveInputStream extends InputStream {

    private final EnclaveStream stream;

    EnclaveInputStream(EnclaveStream stream) {
        this.stream = stream;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        try {
            return stream.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        } finally {
            MemGuard.wipe(one);
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        return stream.read(target, offset, length);
    }

    @Override
    public int available() {
        return (int) Math.min(stream.size(), Integer.MAX_VALUE);
    }
}
