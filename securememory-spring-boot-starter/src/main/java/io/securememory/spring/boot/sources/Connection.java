package io.securememory.spring.boot.sources;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;

/**
 * A connection to a server whose every wait has an end. The channel is in non-blocking mode, so that no thread waits inside
 * of memory that it reads into.
 *
 * <p>Threading: for one thread. An interruption ends a wait.
 */
final class Connection implements AutoCloseable {

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final Deadline deadline;

    private Connection(SocketChannel channel, Selector selector, SelectionKey key, Deadline deadline) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
        this.deadline = deadline;
    }

    /**
     * Connects to the first address of a host that answers. Looking up the name has no limit of its own.
     *
     * @throws IOException if none answers in time
     */
    static Connection open(String host, int port, Deadline deadline) throws IOException {
        InetAddress[] addresses = InetAddress.getAllByName(host);
        for (int i = 0; true; i++) {
            InetSocketAddress address = new InetSocketAddress(addresses[i], port);
            boolean last = i == addresses.length - 1;
            try {
                return open(address, last ? deadline : deadline.half(), deadline);
            } catch (UnsupportedAddressTypeException e) {
                if (last) {
                    throw new IOException("the address is of a kind that this JVM does not use", e);
                }
            } catch (IOException e) {
                if (last || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
    }

    private static Connection open(InetSocketAddress address, Deadline forConnect, Deadline forAll) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            try {
                SelectionKey key = channel.register(selector, 0);
                if (!channel.connect(address)) {
                    new Connection(channel, selector, key, forConnect).await(SelectionKey.OP_CONNECT);
                    channel.finishConnect();
                }
                return new Connection(channel, selector, key, forAll);
            } catch (IOException | RuntimeException | Error e) {
                selector.close();
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    SocketChannel channel() {
        return channel;
    }

    /**
     * Fails when the time is over, also while there is always something to read.
     *
     * @throws SocketTimeoutException if it is
     */
    void requireTime() throws SocketTimeoutException {
        if (deadline.isOver()) {
            throw new SocketTimeoutException("the time is over");
        }
    }

    /** Waits until there are bytes to read, or the end. */
    void awaitReadable() throws IOException {
        await(SelectionKey.OP_READ);
    }

    /** Waits until the channel takes bytes. */
    void awaitWritable() throws IOException {
        await(SelectionKey.OP_WRITE);
    }

    private void await(int operation) throws IOException {
        key.interestOps(operation);
        while (true) {
            long left = deadline.millisLeft();
            if (left == 0) {
                throw new SocketTimeoutException("the time is over");
            }
            int ready = selector.select(left);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("the thread was interrupted");
            }
            if (ready > 0) {
                selector.selectedKeys().clear();
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            selector.close();
        }
    }
}
