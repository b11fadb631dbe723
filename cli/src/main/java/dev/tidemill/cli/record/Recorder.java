package dev.tidemill.cli.record;

/// Writes a trace of what comes to a gateway.
public sealed interface Recorder extends AutoCloseable permits Recording, RequestRecording {
    /// Reads it once; about once a second.
    void read();

    /// What has been written, in words.
    String written();

    @Override
    void close();
}
