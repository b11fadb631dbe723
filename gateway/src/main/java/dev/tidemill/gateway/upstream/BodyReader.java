package dev.tidemill.gateway.upstream;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.Http1HeadersParser;
import org.jspecify.annotations.Nullable;

/// Reads a body piece by piece, as the pieces come.
final class BodyReader {
    private static final int MAX_CHUNK_LINE = 256;
    private static final int MAX_TRAILERS = 16 * 1024;

    private final DataReader reader;
    private final BodyFraming framing;

    /// Of the body, or of the current chunk.
    private long left;

    private boolean ended;

    BodyReader(DataReader reader, BodyFraming framing) {
        this.reader = reader;
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

    /// At least one byte, waiting for it; null at the end.
    ///
    /// @throws IllegalArgumentException when the body is not what its framing says
    @Nullable BufferData next() {
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

    private BufferData piece() {
        reader.ensureAvailable();
        int length = (int) Math.min(left, reader.available());
        left -= length;
        return reader.readBuffer(length);
    }

    private @Nullable BufferData nextOfChunk() {
        if (left == 0) {
            left = chunkLength();
            if (left == 0) {
                Http1HeadersParser.readHeaders(reader, MAX_TRAILERS, false);
                ended = true;
                return null;
            }
        }
        BufferData piece = piece();
        if (left == 0 && (reader.read() != '\r' || reader.read() != '\n')) {
            throw new IllegalArgumentException("a chunk is longer than it says");
        }
        return piece;
    }

    private long chunkLength() {
        int end = reader.findNewLine(MAX_CHUNK_LINE);
        if (end == MAX_CHUNK_LINE) {
            throw new IllegalArgumentException("a chunk's first line is too long");
        }
        String line = reader.readAsciiString(end);
        reader.skip(2);
        int extension = line.indexOf(';');
        String digits = (extension < 0 ? line : line.substring(0, extension)).strip();
        if (digits.isEmpty() || digits.length() > 15 || digits.charAt(0) == '-') {
            throw new IllegalArgumentException("a chunk's length is not a number");
        }
        return Long.parseLong(digits, 16);
    }

    private @Nullable BufferData untilClose() {
        try {
            return reader.readBuffer();
        } catch (DataReader.InsufficientDataAvailableException e) {
            ended = true;
            return null;
        }
    }
}
