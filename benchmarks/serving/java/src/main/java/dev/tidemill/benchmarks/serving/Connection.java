package dev.tidemill.benchmarks.serving;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/// A connection of the driver: non-blocking, one thread.
abstract class Connection {
    /// Told of every answer.
    interface Answers {
        /// @param ok whether the server said that it succeeded
        void answered(
                Connection by,
                long startNanos,
                int variant,
                boolean ok,
                byte[] from,
                int at,
                int length);
    }

    private static final int READ = 256 << 10;

    private final int port;
    private final Selector selector;
    private final ByteBuffer read = ByteBuffer.allocateDirect(READ);
    private SocketChannel channel;
    private SelectionKey key;

    /// Received and not yet understood: from `from` to `to`.
    protected byte[] in = new byte[16 << 10];

    protected int from;
    protected int to;

    protected Connection(int port, Selector selector) {
        this.port = port;
        this.selector = selector;
    }

    final void connect() throws IOException {
        from = 0;
        to = 0;
        channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(new InetSocketAddress("127.0.0.1", port));
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
        connected();
    }

    final void close() throws IOException {
        if (channel != null) {
            key.cancel();
            channel.close();
        }
    }

    /// Reads what has come.
    final void readable(Answers answers) throws IOException {
        int got;
        do {
            read.clear();
            got = channel.read(read);
            if (got < 0) {
                throw new EOFException();
            }
            read.flip();
            makeRoom(got);
            read.get(in, to, got);
            to += got;
        } while (got == READ);
        received(answers);
        if (from == to) {
            from = 0;
            to = 0;
        }
    }

    private void makeRoom(int wanted) {
        if (in.length - to >= wanted) {
            return;
        }
        int waiting = to - from;
        byte[] roomy =
                waiting + wanted > in.length / 2
                        ? new byte[Math.max(in.length * 2, (waiting + wanted) * 2)]
                        : in;
        System.arraycopy(in, from, roomy, 0, waiting);
        in = roomy;
        from = 0;
        to = waiting;
    }

    /// Writes what the socket takes; waits for the selector with the rest.
    ///
    /// @return whether everything is written
    protected final boolean write(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
        boolean all = !bytes.hasRemaining();
        key.interestOps(
                all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return all;
    }

    protected void connected() throws IOException {}

    protected abstract void received(Answers answers) throws IOException;

    /// Goes on with a write that had to wait.
    abstract void writable() throws IOException;

    /// @return how many more requests it can take now
    abstract int free();

    abstract void send(int variant, long startNanos) throws IOException;

    /// Starts over after a failure.
    ///
    /// @return the start times of the requests that are lost with it
    abstract long[] abandon();

    static long[] none() {
        return new long[0];
    }

    protected static long[] only(long[] starts, int count) {
        return Arrays.copyOf(starts, count);
    }
}
