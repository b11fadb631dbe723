package dev.tidemill.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A scripted HTTP/1.1 server on a loopback port that can do what real ones do at the worst moment:
/// refuse, reset, answer half. It keeps connections alive unless the script closes them.
public final class FakeUpstream implements AutoCloseable {
    private static final Duration REVIVAL = Duration.ofSeconds(5);

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    /// Holds the port while nothing listens, so that nobody else gets it: a bound socket that does
    /// not listen refuses connections.
    private final Socket port = new Socket();

    private volatile Script script;
    private volatile ServerSocket server;

    /// What it does with a request. Called in a virtual thread per connection.
    @FunctionalInterface
    public interface Script {
        void answer(Request request, Connection connection) throws Exception;
    }

    /// @param target path and query as they came
    /// @param headers by lower-case name, values as they came
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody as a whole.
    public record Request(
            String method, String target, Map<String, List<String>> headers, byte[] body) {
        /// The only value of a header.
        public @Nullable String header(String name) {
            List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
            if (values.size() > 1) {
                throw new AssertionError(name + ": " + values + " (expected: one value)");
            }
            return values.isEmpty() ? null : values.getFirst();
        }
    }

    private FakeUpstream(Script script) throws IOException {
        this.script = script;
        port.setOption(sharing(), true);
        port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        this.server = listen();
    }

    public static FakeUpstream start(Script script) {
        try {
            return new FakeUpstream(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port.getLocalPort();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /// From the next request on.
    public void script(Script next) {
        script = next;
    }

    /// Requests that were read whole, in the order in which they were.
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /// Forgets the requests, which otherwise fill the heap under load.
    public void forget() {
        requests.clear();
    }

    /// How many connections it has taken since its start.
    public int accepted() {
        return accepted.get();
    }

    public int openConnections() {
        return open.size();
    }

    /// What `kill -9` looks like from outside: every connection ends at once and new ones are
    /// refused.
    public void die() {
        closeServer();
        resetConnections();
    }

    /// Listens on the same port again, as soon as the kernel has taken the old listener down: a
    /// thread that was waiting for connections may keep it for a moment longer.
    public void revive() {
        long end = System.nanoTime() + REVIVAL.toNanos();
        while (true) {
            try {
                server = listen();
                return;
            } catch (BindException e) {
                if (System.nanoTime() > end) {
                    throw new UncheckedIOException(e);
                }
                LockSupport.parkNanos(1_000_000);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Ends every connection, busy or idle, with a reset.
    public void resetConnections() {
        open.forEach(Connection::reset);
    }

    /// Ends every connection, busy or idle, in the orderly way.
    public void closeConnections() {
        open.forEach(Connection::close);
    }

    @Override
    public void close() {
        closeServer();
        closeConnections();
        try {
            port.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends the request's body back with its content type.
    public static Script echo() {
        return (request, connection) -> {
            String type = request.header("content-type");
            connection.send(
                    200, type == null ? Map.of() : Map.of("Content-Type", type), request.body());
        };
    }

    public static Script answering(int status, Map<String, String> headers, String body) {
        return (_, connection) ->
                connection.send(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends exactly this and ends the connection: half a status line, headers without their body.
    public static Script cuttingAfter(String text) {
        return (_, connection) -> {
            connection.write(text);
            connection.close();
        };
    }

    /// One client connection.
    public static final class Connection {
        private final Socket socket;

        private Connection(Socket socket) {
            this.socket = socket;
        }

        /// A whole answer with its length.
        public void send(int status, Map<String, String> headers, byte[] body) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Said\r\n");
            headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
            head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
            byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
            byte[] all = new byte[start.length + body.length];
            System.arraycopy(start, 0, all, 0, start.length);
            System.arraycopy(body, 0, all, start.length, body.length);
            write(all);
        }

        public void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /// Blocks until the other side closes its end.
        public void awaitEnd() throws IOException {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }

        /// Says no more, and goes on listening.
        public void halfClose() throws IOException {
            socket.shutdownOutput();
        }

        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public void reset() {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // Closed already, which is what was wanted.
            }
            close();
        }
    }

    private ServerSocket listen() throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setOption(sharing(), true);
        listening.bind(port.getLocalSocketAddress(), 1024);
        Thread.ofVirtual().name("fake-upstream").start(() -> accept(listening));
        return listening;
    }

    /// Lets a socket that listens and one that does not have one port: Linux wants the first of
    /// these options for it, macOS the second, which on Linux would share ports with strangers.
    private static SocketOption<Boolean> sharing() {
        return System.getProperty("os.name").startsWith("Linux")
                ? StandardSocketOptions.SO_REUSEADDR
                : StandardSocketOptions.SO_REUSEPORT;
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                serve(listening.accept(), listening);
            } catch (IOException e) {
                // One connection ended before it began, or it is time to leave.
            }
        }
    }

    private void serve(Socket socket, ServerSocket listening) throws IOException {
        socket.setTcpNoDelay(true);
        Connection connection = new Connection(socket);
        accepted.incrementAndGet();
        open.add(connection);
        if (listening.isClosed()) {
            connection.reset();
        }
        Thread.ofVirtual().name("fake-upstream-connection").start(() -> serve(connection));
    }

    private void serve(Connection connection) {
        try (Socket socket = connection.socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (Request request = read(in); request != null; request = read(in)) {
                requests.add(request);
                script.answer(request, connection);
            }
        } catch (IOException e) {
            // The script or the other side has ended it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the script failed", e);
        } finally {
            open.remove(connection);
        }
    }

    private void closeServer() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        String[] parts = first.split(" ", 3);
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            _ -> new CopyOnWriteArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        if (headers.containsKey("transfer-encoding")) {
            throw new IOException("a chunked request is not understood here");
        }
        int length =
                Integer.parseInt(headers.getOrDefault("content-length", List.of("0")).getFirst());
        byte[] body = in.readNBytes(length);
        return body.length < length ? null : new Request(parts[0], parts[1], headers, body);
    }

    /// Empty at the end of a line and of the stream.
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
