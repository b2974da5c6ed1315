package io.securememory.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.securememory.testing.Await;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Begins as a node of Cassandra does, up to the point where the driver has sent its password, and then ends the connection: the
 * server itself is no library that runs beside others. Source: CQL binary protocol v4, sections 2 and 4.
 */
final class CqlStandIn implements AutoCloseable {

    private static final int RESPONSE = 0x84;
    private static final int STARTUP = 0x01;
    private static final int AUTHENTICATE = 0x03;
    private static final int OPTIONS = 0x05;
    private static final int SUPPORTED = 0x06;
    private static final int AUTH_RESPONSE = 0x0F;
    private static final String AUTHENTICATOR = "org.apache.cassandra.auth.PasswordAuthenticator";

    private final ServerSocket socket;

    CqlStandIn() throws IOException {
        socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(Math.toIntExact(Await.LIMIT.toMillis()));
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Returns what the next connection says of its user by the mechanism PLAIN, with bytes of zero between. */
    String nextPlain() throws IOException {
        try (Socket connection = socket.accept();
                DataInputStream in = new DataInputStream(connection.getInputStream());
                DataOutputStream out = new DataOutputStream(connection.getOutputStream())) {
            connection.setSoTimeout(Math.toIntExact(Await.LIMIT.toMillis()));
            while (true) {
                in.skipNBytes(2); // Version and flags
                short stream = in.readShort();
                int opcode = in.readByte();
                byte[] body = new byte[in.readInt()];
                in.readFully(body);
                switch (opcode) {
                    case OPTIONS -> answer(out, stream, SUPPORTED, new byte[Short.BYTES]);
                    case STARTUP -> answer(out, stream, AUTHENTICATE, text(AUTHENTICATOR));
                    case AUTH_RESPONSE -> {
                        return new String(body, Integer.BYTES, body.length - Integer.BYTES, UTF_8);
                    }
                    default -> throw new IOException("the driver says " + opcode);
                }
            }
        }
    }

    private static byte[] text(String text) {
        byte[] bytes = new byte[Short.BYTES + text.length()];
        bytes[1] = (byte) text.length();
        System.arraycopy(text.getBytes(UTF_8), 0, bytes, Short.BYTES, text.length());
        return bytes;
    }

    private static void answer(DataOutputStream out, short stream, int opcode, byte[] body) throws IOException {
        out.writeByte(RESPONSE);
        out.writeByte(0);
        out.writeShort(stream);
        out.writeByte(opcode);
        out.writeInt(body.length);
        out.write(body);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
