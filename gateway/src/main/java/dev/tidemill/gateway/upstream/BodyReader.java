package dev.tidemill.gateway.upstream;

import io.helidon.common.buffers.BufferData;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/// Reads a body piece by piece, as the pieces come.
final class BodyReader {
    private static final byte[] NONE = new byte[0];
    private static final int MAX_CHUNK_LINE = 256;
    private static final int MAX_TRAILERS = 16 * 1024;

    private final Incoming in;
    private final BodyFraming framing;

    /// Of the body, or of the current chunk.
    private long left;

    private boolean inChunk;
    private boolean ended;

    BodyReader(Incoming in, BodyFraming framing) {
        this.in = in;
        this.framing = framing;
        switch (framing) {
            case BodyFraming.None _ -> ended = true;
            case BodyFraming.Length(long bytes) -> {
                left = bytes;
                ended = bytes == 0;
            }
            case BodyFraming.Chunked _, BodyFraming.UntilClose _ -> {}
        }
    }

    /// Whether the last piece was read, so that the connection is at the beginning of an answer.
    boolean hasEnded() {
        return ended;
    }

    /// At least one byte, waiting for it; null at the end. It is good until the next one is asked
    /// for.
    ///
    /// @throws ProtocolException when the body is not what its framing says
    @Nullable BufferData next() throws IOException {
        if (ended) {
            return null;
        }
        return switch (framing) {
            case BodyFraming.None _ -> null;
            case BodyFraming.Length _ -> {
                BufferData piece = piece();
                ended = left == 0;
                yield piece;
            }
            case BodyFraming.Chunked _ -> nextOfChunk();
            case BodyFraming.UntilClose _ -> untilClose();
        };
    }

    /// Room for a body of a known length, before any of it was read.
    byte[] room() {
        return ended ? NONE : new byte[(int) left];
    }

    /// Reads a part of it, at least one byte.
    ///
    /// @param from how much of it is there
    /// @return how much of it is there then
    int fill(byte[] room, int from) throws IOException {
        int to = from + in.read(room, from);
        left = (long) room.length - to;
        ended = left == 0;
        return to;
    }

    private BufferData piece() throws IOException {
        in.await();
        int length = (int) Math.min(left, in.available());
        left -= length;
        return take(length);
    }

    private BufferData take(int length) {
        BufferData piece = BufferData.createReadOnly(in.bytes(), in.at(), length);
        in.skip(length);
        return piece;
    }

    private @Nullable BufferData nextOfChunk() throws IOException {
        if (left == 0) {
            endOfChunk();
            left = chunkLength();
            if (left == 0) {
                HeadLines.read(in, MAX_TRAILERS);
                ended = true;
                return null;
            }
            inChunk = true;
        }
        return piece();
    }

    /// Not looked for before the chunk was passed on: it may come later.
    private void endOfChunk() throws IOException {
        if (inChunk && (in.next() != '\r' || in.next() != '\n')) {
            throw new ProtocolException("a chunk is longer than it says");
        }
        inChunk = false;
    }

    private long chunkLength() throws IOException {
        String line = in.line(MAX_CHUNK_LINE);
        int extension = line.indexOf(';');
        String digits = (extension < 0 ? line : line.substring(0, extension)).strip();
        if (digits.isEmpty() || digits.length() > 15 || !isHex(digits)) {
            throw new ProtocolException("a chunk's length is not a number");
        }
        return Long.parseLong(digits, 16);
    }

    private static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                return false;
            }
        }
        return true;
    }

    private @Nullable BufferData untilClose() throws IOException {
        try {
            in.await();
        } catch (EOFException e) {
            ended = true;
            return null;
        }
        return take(in.available());
    }
}
