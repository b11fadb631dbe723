package dev.tidemill.autoscale;

import java.util.Map;

/// Where measures come from. One thread asks, about once a second.
///
/// An implementation never throws and never waits longer than [#LIMIT_MILLIS] for others: what it
/// cannot read, or knows to be old, it leaves out. It never makes zero of what is absent.
public interface SignalSource extends AutoCloseable {
    /// A source that needs longer reads in the background and answers with what it has.
    int LIMIT_MILLIS = 2_000;

    /// For people: which one is silent.
    String name();

    /// By target. A target that is missing is one of which nothing is known now.
    Map<String, Measures> read();

    /// Gives back what it holds of others, such as connections, while it is read or not.
    @Override
    default void close() {}
}
