package dev.tidemill.gateway.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What comes from a server, read through one buffer that lives as long as the connection, so that
/// an answer costs the memory that it needs itself. A list of the blocks that came, as Helidon's
/// reader keeps, costs more than their copies: once one of them has grown old, the collector takes
/// all that came after it for alive.
///
/// The buffer is small until more comes at once than it holds, and again when little comes for a
/// while: thousands of connections that carry a stream of events need little, one that carries
/// whole answers reads each at a stroke.
final class Incoming {
    private static final int SMALL = 2 * 1024;
    private static final int BUFFER_BYTES = 16 * 1024;

    /// After so many reads in a row that a small buffer would have held, it is small again.
    private static final int FEW = 8;

    private final InputStream in;
    private byte[] buffer = new byte[SMALL];

    /// Where the next byte is, and where there is none any more.
    private int at;

    private int end;
    private boolean filled;
    private int littleReads;
    private boolean heard;

    Incoming(InputStream in) {
        this.in = in;
    }

    /// Another answer is waited for.
    void begin() {
        heard = false;
        if (buffer.length > BUFFER_BYTES && end - at <= BUFFER_BYTES) {
            // A head was very long.
            byte[] usual = new byte[BUFFER_BYTES];
            System.arraycopy(buffer, at, usual, 0, end - at);
            buffer = usual;
            end -= at;
            at = 0;
        }
    }

    /// Whether anything came since [#begin()].
    boolean hasHeard() {
        return heard;
    }

    /// How much of what came was not read.
    int available() {
        return end - at;
    }

    /// Waits until something is [#available()].
    ///
    /// @throws EOFException at the end
    void await() throws IOException {
        if (at < end) {
            return;
        }
        fit();
        fill();
    }

    /// The bytes that came, from [#at()] on; good until something else is read.
    byte[] bytes() {
        return buffer;
    }

    int at() {
        return at;
    }

    /// @param bytes at most [#available()]
    void skip(int bytes) {
        at += bytes;
    }

    /// Some bytes of a body, without a stop in the buffer where there is nothing in it.
    ///
    /// @return how many, at least one
    int read(byte[] into, int from) throws IOException {
        int have = Math.min(end - at, into.length - from);
        if (have == 0) {
            return readMore(into, from, into.length - from);
        }
        System.arraycopy(buffer, at, into, from, have);
        at += have;
        return have;
    }

    int next() throws IOException {
        await();
        return buffer[at++];
    }

    /// Where the line that is read next ends: at its CR, whose LF follows. It begins at [#at()].
    ///
    /// @param max how long it may be
    int lineEnd(int max) throws IOException {
        int looked = 0;
        while (true) {
            for (int i = at + looked; i < end; i++) {
                if (buffer[i] == '\n') {
                    if (i == at || buffer[i - 1] != '\r') {
                        throw new ProtocolException("a line ends without CR");
                    }
                    if (i - 1 - at > max) {
                        throw new ProtocolException("a line is too long");
                    }
                    return i - 1;
                }
            }
            looked = end - at;
            if (looked > max) {
                throw new ProtocolException("a line is too long");
            }
            more(max);
        }
    }

    /// The next line without its end.
    String line(int max) throws IOException {
        int to = lineEnd(max);
        String line = new String(buffer, at, to - at, StandardCharsets.ISO_8859_1);
        at = to + 2;
        return line;
    }

    /// Moves what was not read to the front, of another buffer if what came last filled this one or
    /// it is larger than it needs to be.
    private void fit() {
        int left = end - at;
        boolean large = buffer.length > SMALL && littleReads >= FEW && left == 0;
        byte[] to = buffer;
        if (filled || large) {
            to = new byte[filled ? BUFFER_BYTES : SMALL];
            filled = false;
            littleReads = 0;
        }
        System.arraycopy(buffer, at, to, 0, left);
        buffer = to;
        at = 0;
        end = left;
    }

    private void fill() throws IOException {
        int room = buffer.length - end;
        int read = readMore(buffer, end, room);
        filled = read == room && buffer.length == SMALL;
        littleReads = read < SMALL ? littleReads + 1 : 0;
        end += read;
    }

    private void more(int max) throws IOException {
        fit();
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, max + BUFFER_BYTES));
        }
        fill();
    }

    private int readMore(byte[] into, int from, int length) throws IOException {
        int read = in.read(into, from, length);
        if (read < 0) {
            throw new EOFException();
        }
        heard = true;
        return read;
    }
}
