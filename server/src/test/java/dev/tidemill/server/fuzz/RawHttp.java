package dev.tidemill.server.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One connection that sends whatever it is told to, again and again.
public final class RawHttp implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 9_000;

    private final int port;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    public RawHttp(int port) {
        this.port = port;
    }

    /// @param headers by lower-case name
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    public record Response(int status, Map<String, String> headers, byte[] body) {
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// @param head more header lines, each with its end
    public Response post(String path, String head, byte[] body) throws IOException {
        byte[] request =
                ("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n")
                        .formatted(path, head, body.length)
                        .getBytes(StandardCharsets.ISO_8859_1);
        return send(Bytes.join(request, body));
    }

    /// @param request whole
    public Response send(byte[] request) throws IOException {
        boolean fresh = socket == null;
        try {
            return exchange(request);
        } catch (IOException e) {
            close();
            if (fresh) {
                throw e;
            }
            // A server may end a connection that waits.
            return exchange(request);
        }
    }

    private Response exchange(byte[] request) throws IOException {
        Socket open = socket;
        InputStream from = in;
        if (open == null || from == null) {
            open = new Socket("127.0.0.1", port);
            open.setTcpNoDelay(true);
            open.setSoTimeout(TIMEOUT_MILLIS);
            from = new BufferedInputStream(open.getInputStream());
            socket = open;
            in = from;
        }
        open.getOutputStream().write(request);
        Response response = read(from);
        if (response.header("connection").filter("close"::equalsIgnoreCase).isPresent()) {
            close();
        }
        return response;
    }

    private static Response read(InputStream in) throws IOException {
        String[] first = line(in).split(" ", 3);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body =
                headers.containsKey("transfer-encoding")
                        ? chunks(in)
                        : exactly(
                                in, Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Response(Integer.parseInt(first[1]), headers, body);
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int length = chunk(in); length > 0; length = chunk(in)) {
            body.writeBytes(exactly(in, length));
            line(in);
        }
        line(in);
        return body.toByteArray();
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in).strip(), 16);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(
                    "a body that ends after %d of %d".formatted(bytes.length, length));
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed after '" + line + "'");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException _) {
            // it is gone either way
        }
        socket = null;
        in = null;
    }
}
