package dev.tidemill.control.api;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes a request's body to a file as it comes: models are larger than the heap.
final class Upload {
    private static final int BLOCK = 64 << 10;

    private Upload() {}

    /// @throws TidemillException `TOO_LARGE` when it is longer than `limit` bytes, `NO_SPACE` when
    ///   the file cannot be written
    static void receive(ServerRequest request, Path file, long limit) {
        if (request.headers().contentLength().orElse(0) > limit) {
            throw tooLarge(limit);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            if (request.content().hasEntity()) {
                copy(request, out, limit);
            }
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.NO_SPACE,
                    "folder: '%s' (expected: room for the model; %s)"
                            .formatted(file.getParent(), e.getMessage()),
                    e);
        }
    }

    private static void copy(ServerRequest request, OutputStream out, long limit)
            throws IOException {
        byte[] block = new byte[BLOCK];
        long total = 0;
        try (InputStream in = request.content().inputStream()) {
            for (int read = read(in, block); read >= 0; read = read(in, block)) {
                total += read;
                if (total > limit) {
                    throw tooLarge(limit);
                }
                out.write(block, 0, read);
            }
        }
    }

    private static int read(InputStream in, byte[] block) {
        try {
            return in.read(block);
        } catch (IOException
                | UncheckedIOException
                | DataReader.InsufficientDataAvailableException e) {
            throw new CloseConnectionException("the client left before its body ended", e);
        }
    }

    private static TidemillException tooLarge(long limit) {
        return new TidemillException(
                ErrorCode.TOO_LARGE,
                "body: 'too large' (expected: at most %s)".formatted(new ByteSize(limit)));
    }
}
