package dev.tidemill.server.payload;

import java.io.IOException;

/// Where entries go. Asked by one thread only.
public interface PayloadSink extends AutoCloseable {
    /// @throws IOException when the entry is lost
    void write(PayloadEntry entry) throws IOException;

    /// Pushes out what is buffered; asked when nothing waits.
    default void flush() throws IOException {}

    @Override
    default void close() throws IOException {}
}
