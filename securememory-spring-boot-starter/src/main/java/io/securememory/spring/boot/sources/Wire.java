package io.securememory.spring.boot.sources;

import io.securememory.memguard.LockedBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes to and from a server, encrypted or not. */
interface Wire extends AutoCloseable {

    /** Sends all bytes of a buffer. */
    void send(LockedBuffer request) throws IOException;

    /** Waits for bytes, and adds some. Returns false at the end. */
    boolean receive(GrowingBuffer answer) throws IOException;

    @Override
    void close() throws IOException;

    /** A wire that encrypts nothing: all bytes go between locked memory and the kernel. */
    record Plain(Connection connection) implements Wire {

        @Override
        public void send(LockedBuffer request) throws IOException {
            connection.awaitWritable();
            // A new socket takes far more than a request at once.
            request.withBytes(view -> view.writeTo(connection.channel()));
        }

        @Override
        public boolean receive(GrowingBuffer answer) throws IOException {
            connection.requireTime();
            int count = answer.readFrom(connection.channel());
            while (count == 0) {
                connection.awaitReadable();
                count = answer.readFrom(connection.channel());
            }
            return count > 0;
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    /** Writes what remains in a buffer. */
    static void write(Connection connection, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (connection.channel().write(bytes) == 0) {
                connection.awaitWritable();
            }
        }
    }
}
