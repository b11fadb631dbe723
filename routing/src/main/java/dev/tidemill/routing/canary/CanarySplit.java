package dev.tidemill.routing.canary;

import dev.tidemill.routing.WeightedSplit;
import java.util.function.IntPredicate;

/// Divides requests between a new version, the last index, and the others by their weights.
///
/// The new version has the upper end of the numbers from 0 to 1, so that whoever is with it stays
/// with it as its share grows, and the others stay where they are.
public record CanarySplit(WeightedSplit split) {
    /// @param share of the new version, from 0 to 1; with 0 it is never taken
    /// @param at where the request is, from 0 to 1 (exclusive)
    /// @return -1 when none can be used
    public int pick(double share, double at, IntPredicate usable) {
        int last = split.weights().size() - 1;
        boolean mayUse = share > 0 && usable.test(last);
        boolean canary = at >= 1 - share;
        if (canary && mayUse) {
            return last;
        }
        double within = canary ? (at - (1 - share)) / share : at / (1 - share);
        int stable = split.pick(within, i -> i != last && usable.test(i));
        return stable < 0 && mayUse ? last : stable;
    }
}
