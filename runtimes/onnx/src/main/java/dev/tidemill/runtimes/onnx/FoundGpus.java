package dev.tidemill.runtimes.onnx;

/// What looking for GPUs gave.
sealed interface FoundGpus {
    /// They answer, numbered from 0, and ONNX Runtime has what it needs to use them.
    ///
    /// @param count at least 1
    record Some(int count) implements FoundGpus {}

    /// @param reason one line for people
    record None(String reason) implements FoundGpus {}
}
