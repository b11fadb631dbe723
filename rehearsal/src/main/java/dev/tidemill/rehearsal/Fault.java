package dev.tidemill.rehearsal;

/// Something that goes wrong during a rehearsal. Minutes count from the trace's beginning, the
/// second one is not in.
public sealed interface Fault {
    /// No signal can be read.
    record Silence(int fromMinute, int toMinute) implements Fault {}

    /// Starting takes that many times as long as stated; nobody tells the policy.
    record SlowStart(double factor) implements Fault {}

    /// No replica can be had: orders wait.
    record StockOut(int fromMinute, int toMinute) implements Fault {}
}
