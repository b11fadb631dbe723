package dev.tidemill.limits;

/// What a model's tokens cost: billionths of a currency for a million of them, so that a price such
/// as 0.075 is exact.
///
/// @param input of tokens of a question
/// @param cachedInput of those that the provider had in its cache
/// @param output of tokens of an answer
public record Price(long input, long cachedInput, long output) {
    public static final Price FREE = new Price(0, 0, 0);

    private static final long MILLION = 1_000_000;

    /// Whoever claims to have used more is not believed: sums stay within a long.
    private static final long MOST_TOKENS = 100 * MILLION;

    /// Highest price: a hundred thousand for a million tokens.
    private static final long MOST = 100_000_000_000_000L;

    public Price {
        if (Math.min(input, Math.min(cachedInput, output)) < 0
                || Math.max(input, Math.max(cachedInput, output)) > MOST) {
            throw new IllegalArgumentException(
                    "price: '%d, %d, %d' (expected: 0 to %d)"
                            .formatted(input, cachedInput, output, MOST));
        }
    }

    public boolean isFree() {
        return input == 0 && cachedInput == 0 && output == 0;
    }

    /// In billionths of the currency, rounded up.
    ///
    /// @param inputTokens those from the cache included
    public long of(long inputTokens, long cachedTokens, long outputTokens) {
        long asked = Math.clamp(inputTokens, 0, MOST_TOKENS);
        long cached = Math.clamp(cachedTokens, 0, asked);
        return part(asked - cached, input)
                + part(cached, cachedInput)
                + part(Math.clamp(outputTokens, 0, MOST_TOKENS), output);
    }

    private static long part(long tokens, long price) {
        long whole = price / MILLION * tokens;
        long rest = price % MILLION * tokens;
        return whole + (rest + MILLION - 1) / MILLION;
    }
}
