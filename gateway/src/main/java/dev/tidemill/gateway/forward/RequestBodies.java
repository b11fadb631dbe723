package dev.tidemill.gateway.forward;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import io.helidon.webserver.http.ServerRequest;
import java.util.concurrent.atomic.AtomicLong;

/// Reads request bodies and bounds how many bytes of them are held at once: each is held whole
/// until its answer has begun, since it may have to be sent again. Thread-safe.
final class RequestBodies {
    /// Taken for a body that does not say how long it is, until that is known.
    private static final long GUESS = 64 * 1024;

    private final long maxBodyBytes;
    private final long memoryBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    /// @param maxBodyBytes of one body
    /// @param memoryBytes of all bodies together; one always fits
    RequestBodies(long maxBodyBytes, long memoryBytes) {
        this.maxBodyBytes = maxBodyBytes;
        this.memoryBytes = Math.max(maxBodyBytes, memoryBytes);
    }

    /// @throws TidemillException `TOO_LARGE` for one over the limit, `OVERLOADED` when it does not
    ///   fit beside the others
    Held read(ServerRequest request) {
        return read(request, Bodies::readAsSent);
    }

    /// The body unpacked, for those who look into it.
    Held readUnpacked(ServerRequest request) {
        return read(request, Bodies::read);
    }

    private Held read(ServerRequest request, Reader reader) {
        if (!request.content().hasEntity()) {
            return new Held(new byte[0]);
        }
        long expected = Math.min(request.headers().contentLength().orElse(GUESS), maxBodyBytes);
        take(expected);
        long taken = expected;
        try {
            byte[] body = reader.read(request, maxBodyBytes);
            heldBytes.addAndGet(body.length - expected);
            taken = 0;
            return new Held(body);
        } finally {
            heldBytes.addAndGet(-taken);
        }
    }

    private void take(long bytes) {
        if (heldBytes.addAndGet(bytes) > memoryBytes) {
            heldBytes.addAndGet(-bytes);
            throw new TidemillException(
                    ErrorCode.OVERLOADED,
                    "bodies in flight: '%s more' (expected: at most %s together)"
                            .formatted(new ByteSize(bytes), new ByteSize(memoryBytes)));
        }
    }

    @FunctionalInterface
    private interface Reader {
        byte[] read(ServerRequest request, long limit);
    }

    /// A body and its place in memory.
    final class Held implements AutoCloseable {
        private final byte[] bytes;

        private Held(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            heldBytes.addAndGet(-bytes.length);
        }
    }
}
