package io.securememory.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.securememory.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Begins as a broker of RabbitMQ does, up to the point where the client has sent its password, and then ends the connection:
 * the broker itself is no library. Source: AMQP 0-9-1, sections 2.2.4, 2.3.5 and 4.2.
 */
final class AmqpStandIn implements AutoCloseable {

    private static final int HEADER = 8;
    private static final int METHOD = 1;
    private static final int CONNECTION = 10;
    private static final int START = 10;
    private static final int FRAME_END = 0xCE;

    private final ServerSocket socket;

    AmqpStandIn() throws IOException {
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
            in.skipNBytes(HEADER);
            out.write(start());
            out.flush();
            in.readByte();
            in.readShort();
            byte[] startOk = new byte[in.readInt()];
            in.readFully(startOk);
            return plain(startOk);
        }
    }

    private static byte[] start() throws IOException {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        DataOutputStream method = new DataOutputStream(payload);
        method.writeShort(CONNECTION);
        method.writeShort(START);
        method.writeByte(0);
        method.writeByte(9);
        method.writeInt(0); // No properties
        longText(method, "PLAIN");
        longText(method, "en_US");
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(frame);
        out.writeByte(METHOD);
        out.writeShort(0);
        out.writeInt(payload.size());
        out.write(payload.toByteArray());
        out.writeByte(FRAME_END);
        return frame.toByteArray();
    }

    private static void longText(DataOutputStream out, String text) throws IOException {
        out.writeInt(text.length());
        out.write(text.getBytes(UTF_8));
    }

    /** After the mechanism there is its answer, with its length in front. */
    private static String plain(byte[] startOk) {
        String text = new String(startOk, UTF_8);
        int mechanism = text.lastIndexOf("PLAIN");
        return text.substring(mechanism + "PLAIN".length() + Integer.BYTES, text.length() - "\u0005en_US".length());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
