package dev.tidemill.rehearsal.token;

import dev.tidemill.rehearsal.Outcome;

/// What a replay by requests came to, beyond what every replay comes to.
///
/// @param ttft50 seconds to the first token, half of the requests at most; not-a-number for none
/// @param itl50 seconds between tokens, mean of a request, half of the requests at most
/// @param outputTokens generated
/// @param retried begun again because their replica failed
/// @param refused larger than any replica's cache, or more than the queue holds
/// @param unfinished when the replay ended
/// @param nodeHours paid for; 0 without nodes
public record TokenOutcome(
        Outcome outcome,
        double ttft50,
        double ttft99,
        double itl50,
        double itl99,
        long ended,
        long outputTokens,
        long retried,
        long refused,
        long unfinished,
        double nodeHours) {}
