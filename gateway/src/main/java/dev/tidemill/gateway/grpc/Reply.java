package dev.tidemill.gateway.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// A whole answer of a replica.
///
/// @param headers null when there were none
/// @param message null when there is only a status; sent or closed by whoever has it
record Reply(
        @Nullable Metadata headers, @Nullable InputStream message, Status status, Metadata trailers)
        implements AutoCloseable {
    @Override
    public void close() {
        if (message != null) {
            Bytes.drop(message);
        }
    }
}
