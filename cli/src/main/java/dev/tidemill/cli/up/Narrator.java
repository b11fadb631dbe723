package dev.tidemill.cli.up;

/// Where the supervisor tells a person what happens, one sentence at a time.
public interface Narrator {
    /// @param about a model, a process, or `tidemill`
    void say(String about, String sentence);
}
