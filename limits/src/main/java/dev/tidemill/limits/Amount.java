package dev.tidemill.limits;

/// What a request takes, or is expected to take.
///
/// @param tokens of the question and the answer
/// @param cost in billionths of the currency
public record Amount(long tokens, long cost) {
    public static final Amount NONE = new Amount(0, 0);
}
