package dev.tidemill.scaling;

/// A way to choose replica counts. The policy itself is immutable; what it remembers of one target
/// is a [Session]. Live loop and rehearsal run the same one.
public interface Policy {
    /// Short, as a table's row would call it.
    String name();

    Session start();

    /// A fold over what is seen, in order of time: the same signals always give the same verdicts.
    /// One thread uses it.
    interface Session {
        Verdict decide(Signals seen);
    }
}
