package dev.tidemill.http;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;

/// Unpacks a body as far as it may: what a few bytes blow up to is bounded by the limit of a body
/// and the budget of all of them, block by block, and by a ratio that real tensors do not reach.
///
/// @param in as it comes from the wire
record PackedBody(ContentCoding coding, Counted in) {
    /// Below this many bytes the ratio says nothing.
    static final int FREE_BYTES = 1 << 20;

    /// Unpacked bytes for each packed one; the format itself ends at 1,032.
    static final int MAX_RATIO = 250;

    static PackedBody of(ContentCoding coding, InputStream in) {
        return new PackedBody(coding, new Counted(in));
    }

    /// @throws TidemillException `INVALID_REQUEST` when it is broken or looks like a bomb,
    ///   `TOO_LARGE` when it unpacks to more than `limit` bytes
    /// @throws IOException when the client leaves
    byte[] read(long limit, Bodies.Budget budget) throws IOException {
        try (InputStream unpacked = coding.unpacking(in)) {
            return Bodies.readBlocks(
                    unpacked,
                    limit,
                    bytes -> {
                        in.unpacked(bytes);
                        budget.take(bytes);
                    });
        } catch (ZipException | EOFException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "body: '%s' (expected: %s, as Content-Encoding says)"
                            .formatted(
                                    e.getMessage(),
                                    coding.name().toLowerCase(java.util.Locale.ROOT)),
                    e);
        }
    }

    /// Counts both sides.
    static final class Counted extends FilterInputStream {
        private long packed;
        private long unpacked;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            packed += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = super.read(into, offset, length);
            packed += Math.max(0, count);
            return count;
        }

        void unpacked(long bytes) {
            unpacked += bytes;
            if (unpacked > FREE_BYTES && unpacked / MAX_RATIO > packed) {
                throw new TidemillException(
                        ErrorCode.TOO_LARGE,
                        "body: '%d bytes packed in %d' (expected: at most %d times as many)"
                                .formatted(unpacked, packed, MAX_RATIO));
            }
        }
    }
}
