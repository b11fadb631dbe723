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
        Taken taken = new Taken();
        try {
            byte[] body = reader.read(request, maxBodyBytes, taken);
            taken.settle(body.length);
            return new Held(body);
        } finally {
            taken.close();
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
        byte[] read(ServerRequest request, long limit, Bodies.Budget budget);
    }

    /// What is taken while a body comes, block by block: what is only announced costs its sender
    /// nothing, so it may cost the others nothing either.
    private final class Taken implements Bodies.Budget, AutoCloseable {
        private long bytes;

        @Override
        public void take(long more) {
            RequestBodies.this.take(more);
            bytes += more;
        }

        /// The body is held from now on.
        void settle(long length) {
            heldBytes.addAndGet(length - bytes);
            bytes = 0;
        }

        @Override
        public void close() {
            heldBytes.addAndGet(-bytes);
        }
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
