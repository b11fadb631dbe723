package dev.tidemill.http;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.ZipException;

/// Unpacks a body as far as it may: what a few bytes blow up to is bounded by the limit of a body
/// and the budget of all of them, block by block. A ratio bounds nothing more, and an honest tensor
/// of zeros has the highest that there is.
///
/// @param in as it comes from the wire
record PackedBody(ContentCoding coding, InputStream in) {

    /// @throws TidemillException `INVALID_REQUEST` when it is broken, `TOO_LARGE` when it unpacks
    ///   to more than `limit` bytes
    /// @throws IOException when the client leaves
    byte[] read(long limit, Bodies.Budget budget) throws IOException {
        try (InputStream unpacked = coding.unpacking(in)) {
            return Bodies.readBlocks(unpacked, limit, budget);
        } catch (ZipException | EOFException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "body: '%s' (expected: %s, as Content-Encoding says)"
                            .formatted(e.getMessage(), coding.name().toLowerCase(Locale.ROOT)),
                    e);
        }
    }
}
