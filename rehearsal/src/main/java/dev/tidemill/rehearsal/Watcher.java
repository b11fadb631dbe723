package dev.tidemill.rehearsal;

import dev.tidemill.scaling.Verdict;

/// Is told what happens during a replay, as it happens, so that nothing needs to be kept.
public interface Watcher {
    Watcher NONE = new Watcher() {};

    default void decided(Verdict verdict) {}

    /// @param minute of the trace
    /// @param late requests of this minute, as a number that need not be whole
    /// @param ordered on average during the minute
    /// @param ready on average during the minute
    default void minute(int minute, double requests, double late, double ordered, double ready) {}
}
