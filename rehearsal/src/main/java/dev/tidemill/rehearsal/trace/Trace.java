package dev.tidemill.rehearsal.trace;

import dev.tidemill.rehearsal.MinuteTrace;
import java.util.List;
import java.util.Optional;

/// A trace by minutes, with what was found out while it was read.
///
/// @param requests whether each row was one request, so that it can also be replayed one by one
/// @param tokens whether requests say how many tokens they read and write
/// @param meanPrompt tokens; 0 without tokens
/// @param meanOutput tokens; 0 without tokens
/// @param disorderMillis by how much a row of requests comes after a later one, at most
/// @param took how long requests took, where their rows say it
/// @param notes what was repaired or taken for granted, a sentence each
public record Trace(
        MinuteTrace minutes,
        boolean requests,
        boolean tokens,
        double meanPrompt,
        double meanOutput,
        long rows,
        double disorderMillis,
        Optional<Took> took,
        List<String> notes) {
    public Trace {
        notes = List.copyOf(notes);
    }

    /// From the request to its answer, waiting included.
    ///
    /// @param spread standard deviation over mean
    public record Took(double meanSeconds, double spread) {}
}
