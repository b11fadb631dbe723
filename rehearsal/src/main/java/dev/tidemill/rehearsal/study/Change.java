package dev.tidemill.rehearsal.study;

/// One decision that changed the count.
///
/// @param policy whose decision it was
public record Change(
        long atMillis,
        String policy,
        int from,
        int to,
        String rule,
        String limits,
        String reason) {}
