package dev.tidemill.benchmarks.serving;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;

/// HTTP/1.1, kept alive, one request at a time.
final class HttpConnection extends Connection {
    private static final int OK = 200;

    private final ByteBuffer[] requests;
    private ByteBuffer writing;
    private boolean busy;
    private long start;
    private int variant;

    HttpConnection(int port, Selector selector, ByteBuffer[] requests) {
        super(port, selector);
        this.requests = new ByteBuffer[requests.length];
        for (int i = 0; i < requests.length; i++) {
            this.requests[i] = requests[i].duplicate();
        }
        this.writing = this.requests[0];
    }

    @Override
    int free() {
        return busy ? 0 : 1;
    }

    @Override
    void send(int which, long startNanos) throws IOException {
        busy = true;
        variant = which;
        start = startNanos;
        writing = requests[which].rewind();
        write(writing);
    }

    @Override
    void writable() throws IOException {
        write(writing);
    }

    @Override
    long[] abandon() {
        long[] lost = busy ? new long[] {start} : none();
        busy = false;
        return lost;
    }

    @Override
    protected void received(Answers answers) throws IOException {
        int head = headEnd();
        if (head < 0) {
            return;
        }
        int length = contentLength(head);
        int at = head;
        int end;
        if (length >= 0) {
            end = head + length;
        } else {
            end = Chunks.join(in, head, to);
            length = end < 0 ? -1 : Chunks.length(in, head, to);
        }
        if (end < 0 || end > to) {
            return;
        }
        if (!busy) {
            throw new IOException("an answer nobody asked for");
        }
        int status =
                (in[from + 9] - '0') * 100 + (in[from + 10] - '0') * 10 + (in[from + 11] - '0');
        busy = false;
        from = end;
        answers.answered(this, start, variant, status == OK, in, at, length);
    }

    private int headEnd() {
        for (int i = from + 3; i < to; i++) {
            if (in[i] == '\n' && in[i - 1] == '\r' && in[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    /// @return -1 when the answer comes in chunks
    private int contentLength(int head) {
        for (int i = from; i < head - 16; i++) {
            if (in[i] == '\n' && (in[i + 1] | 32) == 'c' && named(i + 1)) {
                int at = i + 16;
                while (in[at] == ' ') {
                    at++;
                }
                int length = 0;
                while (in[at] >= '0') {
                    length = length * 10 + in[at++] - '0';
                }
                return length;
            }
        }
        return -1;
    }

    private boolean named(int at) {
        String name = "content-length:";
        for (int i = 0; i < name.length(); i++) {
            if ((in[at + i] | 32) != (name.charAt(i) | 32)) {
                return false;
            }
        }
        return true;
    }
}
