package dev.tidemill.scaling.objective;

/// What tokens cost a replica that batches continuously. A step takes `fixed + perSequence * batch
/// + perKvToken * batch * context` and gives each sequence one token; prompts are read at their own
///   pace. The largest batch whose step is quick enough and whose cache fits is what the replica
///   has of slots.
///
/// @param stepLimitSeconds longest acceptable time between two tokens
/// @param kvTokens tokens that the key-value cache holds
public record TokenCost(
        double promptSecondsPerToken,
        double fixedSeconds,
        double perSequenceSeconds,
        double perKvTokenSeconds,
        double stepLimitSeconds,
        long kvTokens,
        int maxBatch) {
    public TokenCost {
        if (!(promptSecondsPerToken >= 0)
                || !(fixedSeconds >= 0)
                || !(perSequenceSeconds >= 0)
                || !(perKvTokenSeconds >= 0)) {
            throw new IllegalArgumentException(
                    "tokens: '%s, %s, %s, %s' (expected: seconds, none below 0)"
                            .formatted(
                                    promptSecondsPerToken,
                                    fixedSeconds,
                                    perSequenceSeconds,
                                    perKvTokenSeconds));
        }
        if (!(stepLimitSeconds > 0) || kvTokens < 1 || maxBatch < 1) {
            throw new IllegalArgumentException(
                    "tokens: 'step %s s, cache %d, batch %d' (expected: each above 0)"
                            .formatted(stepLimitSeconds, kvTokens, maxBatch));
        }
    }

    /// @param contextTokens of a sequence on average: its prompt and half its answer
    public int slots(double contextTokens) {
        int byCache = (int) Math.max(1, Math.min(maxBatch, kvTokens / Math.max(1, contextTokens)));
        int batch = byCache;
        while (batch > 1 && stepSeconds(batch, contextTokens) > stepLimitSeconds) {
            batch--;
        }
        return batch;
    }

    /// Seconds that a request occupies a slot when the batch is full. While it does, as many others
    /// begin as the batch has, and generation stands still while their prompts are read.
    public double slotSeconds(double promptTokens, double outputTokens, int batch) {
        double context = promptTokens + outputTokens / 2;
        return batch * promptSeconds(promptTokens) + outputTokens * stepSeconds(batch, context);
    }

    /// Seconds in which a replica reads a prompt and does nothing else.
    public double promptSeconds(double promptTokens) {
        return promptTokens * promptSecondsPerToken;
    }

    private double stepSeconds(int batch, double contextTokens) {
        return fixedSeconds
                + perSequenceSeconds * batch
                + perKvTokenSeconds * batch * contextTokens;
    }
}
