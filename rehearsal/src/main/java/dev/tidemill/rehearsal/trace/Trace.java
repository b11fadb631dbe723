package dev.tidemill.rehearsal.trace;

import dev.tidemill.rehearsal.MinuteTrace;
import java.util.List;

/// A trace by minutes, with what was found out while it was read.
///
/// @param requests whether each row was one request, so that it can also be replayed one by one
/// @param tokens whether requests say how many tokens they read and write
/// @param meanPrompt tokens; 0 without tokens
/// @param meanOutput tokens; 0 without tokens
/// @param disorderMillis by how much a row of requests comes after a later one, at most
/// @param notes what was repaired or taken for granted, a sentence each
public record Trace(
        MinuteTrace minutes,
        boolean requests,
        boolean tokens,
        double meanPrompt,
        double meanOutput,
        long rows,
        double disorderMillis,
        List<String> notes) {
    public Trace {
        notes = List.copyOf(notes);
    }
}
