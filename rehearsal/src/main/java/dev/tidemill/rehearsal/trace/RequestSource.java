package dev.tidemill.rehearsal.trace;

/// Requests one after the other, in order of time. Values are of the present one, so that millions
/// pass without an object each.
public interface RequestSource {
    /// Goes to the next.
    ///
    /// @return false when there is none
    boolean next();

    /// Since 1970, or since the trace's own beginning.
    double atSeconds();

    /// Tokens to read; 0 when the trace does not say.
    int prompt();

    /// Tokens to write; 0 when the trace does not say.
    int output();
}
