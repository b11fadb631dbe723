package dev.tidemill.server.fuzz;

/// What became of one input.
public sealed interface Answer {
    /// It was taken and answered.
    record Accepted() implements Answer {}

    /// It was refused as the protocol has it.
    ///
    /// @param why the message
    /// @param atOnce by the first look at it, before anything that is ours: no JSON, no message
    record Refused(String why, boolean atOnce) implements Answer {}

    /// It was answered as nothing should be.
    record Wrong(String what) implements Answer {}
}
