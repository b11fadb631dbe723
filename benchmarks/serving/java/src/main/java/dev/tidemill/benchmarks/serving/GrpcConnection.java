package dev.tidemill.benchmarks.serving;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// As much of HTTP/2 as unary gRPC calls with prepared messages need, because a full client would
/// cost as much as a server. Headers are literals, so no table is kept; of the answers' headers only
/// their end is looked at. An answer with a whole message counts as success: a failed call has none.
final class GrpcConnection extends Connection {
    private static final int FRAME_HEAD = 9;
    private static final int MAX_FRAME = 16_384;
    private static final int MESSAGE_HEAD = 5;
    private static final int WINDOW = Integer.MAX_VALUE;
    private static final int DEFAULT_WINDOW = 65_535;
    private static final int REPLENISH = 1 << 30;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;

    private final ByteBuffer[] messages;
    private final byte[] headers;
    private final Call[] calls;
    private final ByteBuffer out;
    private int nextStream = 1;
    private int sending = DEFAULT_WINDOW;
    private int streamWindow = DEFAULT_WINDOW;
    private int consumed;

    private static final class Call {
        private int stream;
        private long start;
        private int variant;
        private int sent;
        private int window;
        private byte[] answer = new byte[1024];
        private int length;
    }

    GrpcConnection(
            int port, Selector selector, ByteBuffer[] messages, String path, int streams) {
        super(port, selector);
        this.messages = messages;
        this.headers = headers(path, "127.0.0.1:" + port);
        this.calls = new Call[streams];
        Arrays.setAll(calls, _ -> new Call());
        int largest = 0;
        for (ByteBuffer message : messages) {
            largest = Math.max(largest, message.capacity());
        }
        this.out = ByteBuffer.allocateDirect(streams * (largest * 2 + 4096) + 65_536).flip();
    }

    private static byte[] headers(String path, String authority) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x83); // :method POST
        out.write(0x86); // :scheme http
        out.write(0x04);
        literal(out, path);
        out.write(0x01);
        literal(out, authority);
        out.write(0x0f); // content-type
        out.write(0x10);
        literal(out, "application/grpc");
        out.write(0x00);
        literal(out, "te");
        literal(out, "trailers");
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String value) {
        out.write(value.length());
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    protected void connected() throws IOException {
        nextStream = 1;
        sending = DEFAULT_WINDOW;
        streamWindow = DEFAULT_WINDOW;
        consumed = 0;
        out.clear().flip();
        begin();
        out.put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(6, SETTINGS, 0, 0);
        out.putShort((short) 4).putInt(WINDOW);
        frame(4, WINDOW_UPDATE, 0, 0);
        out.putInt(WINDOW - DEFAULT_WINDOW);
        flush();
    }

    @Override
    int free() {
        int free = 0;
        for (Call call : calls) {
            free += call.stream == 0 ? 1 : 0;
        }
        return free;
    }

    @Override
    void send(int variant, long startNanos) throws IOException {
        Call call = call(0);
        call.stream = nextStream;
        call.start = startNanos;
        call.variant = variant;
        call.sent = 0;
        call.length = 0;
        call.window = streamWindow;
        nextStream += 2;
        begin();
        frame(headers.length, HEADERS, END_HEADERS, call.stream);
        out.put(headers);
        data(call);
        flush();
    }

    private void data(Call call) {
        ByteBuffer message = messages[call.variant];
        int left = message.capacity() - call.sent;
        while (left > 0) {
            int size = Math.min(Math.min(left, MAX_FRAME), Math.min(sending, call.window));
            if (size <= 0 || out.remaining() < size + FRAME_HEAD) {
                return;
            }
            frame(size, DATA, size == left ? END_STREAM : 0, call.stream);
            out.put(out.position(), message, call.sent, size).position(out.position() + size);
            call.sent += size;
            call.window -= size;
            sending -= size;
            left -= size;
        }
    }

    /// Makes room behind what still waits to be written.
    private void begin() {
        out.compact();
    }

    private void flush() throws IOException {
        write(out.flip());
    }

    private void frame(int length, int type, int flags, int stream) {
        out.putInt(length << 8 | type).put((byte) flags).putInt(stream);
    }

    private Call call(int stream) {
        for (Call call : calls) {
            if (call.stream == stream) {
                return call;
            }
        }
        return null;
    }

    @Override
    void writable() throws IOException {
        if (write(out)) {
            pump();
        }
    }

    private void pump() throws IOException {
        begin();
        for (Call call : calls) {
            if (call.stream != 0) {
                data(call);
            }
        }
        flush();
    }

    @Override
    long[] abandon() {
        long[] starts = new long[calls.length];
        int count = 0;
        for (Call call : calls) {
            if (call.stream != 0) {
                starts[count++] = call.start;
                call.stream = 0;
            }
        }
        return only(starts, count);
    }

    @Override
    protected void received(Answers answers) throws IOException {
        while (to - from >= FRAME_HEAD) {
            int length = number(from, 3);
            if (to - from < FRAME_HEAD + length) {
                return;
            }
            int type = in[from + 3];
            int flags = in[from + 4];
            int stream = number(from + 5, 4) & Integer.MAX_VALUE;
            int at = from + FRAME_HEAD;
            from = at + length;
            frame(type, flags, stream, at, length, answers);
        }
    }

    private void frame(int type, int flags, int stream, int at, int length, Answers answers)
            throws IOException {
        switch (type) {
            case DATA -> data(flags, stream, at, length, answers);
            case HEADERS -> ended(flags, stream, answers);
            case RST_STREAM -> ended(END_STREAM, stream, answers);
            case SETTINGS -> settings(flags, at, length);
            case PING -> pong(flags, at, length);
            case GOAWAY -> throw new IOException("GOAWAY");
            case WINDOW_UPDATE -> window(stream, number(at, 4));
            default -> {}
        }
    }

    private void data(int flags, int stream, int at, int length, Answers answers)
            throws IOException {
        Call call = call(stream);
        if (call != null) {
            int padding = (flags & PADDED) == 0 ? 0 : 1 + (in[at] & 0xff);
            int start = padding == 0 ? at : at + 1;
            int size = length - padding;
            if (call.answer.length < call.length + size) {
                call.answer = Arrays.copyOf(call.answer, (call.length + size) * 2);
            }
            System.arraycopy(in, start, call.answer, call.length, size);
            call.length += size;
        }
        consumed += length;
        if (consumed > REPLENISH) {
            begin();
            frame(4, WINDOW_UPDATE, 0, 0);
            out.putInt(consumed);
            flush();
            consumed = 0;
        }
        ended(flags, stream, answers);
    }

    private void ended(int flags, int stream, Answers answers) {
        Call call = (flags & END_STREAM) == 0 ? null : call(stream);
        if (call == null) {
            return;
        }
        boolean ok = call.length >= MESSAGE_HEAD && whole(call);
        call.stream = 0;
        answers.answered(
                this,
                call.start,
                call.variant,
                ok,
                call.answer,
                ok ? MESSAGE_HEAD : 0,
                ok ? call.length - MESSAGE_HEAD : 0);
    }

    private static boolean whole(Call call) {
        return ByteBuffer.wrap(call.answer).getInt(1) == call.length - MESSAGE_HEAD;
    }

    private void settings(int flags, int at, int length) throws IOException {
        if ((flags & ACK) != 0) {
            return;
        }
        for (int i = at; i < at + length; i += 6) {
            if (number(i, 2) == 4) {
                int change = number(i + 2, 4) - streamWindow;
                streamWindow += change;
                for (Call call : calls) {
                    call.window += change;
                }
            }
        }
        begin();
        frame(0, SETTINGS, ACK, 0);
        flush();
        pump();
    }

    private void pong(int flags, int at, int length) throws IOException {
        if ((flags & ACK) == 0) {
            begin();
            frame(length, PING, ACK, 0);
            out.put(in, at, length);
            flush();
        }
    }

    private void window(int stream, int more) throws IOException {
        if (stream == 0) {
            sending += more;
        } else {
            Call call = call(stream);
            if (call != null) {
                call.window += more;
            }
        }
        if (unsent()) {
            pump();
        }
    }

    private boolean unsent() {
        for (Call call : calls) {
            if (call.stream != 0 && call.sent < messages[call.variant].capacity()) {
                return true;
            }
        }
        return false;
    }

    private int number(int at, int bytes) {
        int number = 0;
        for (int i = 0; i < bytes; i++) {
            number = number << 8 | in[at + i] & 0xff;
        }
        return number;
    }
}
