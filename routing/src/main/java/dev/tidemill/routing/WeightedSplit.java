package dev.tidemill.routing;

import java.util.List;
import java.util.function.IntPredicate;

/// Divides requests by weight.
public record WeightedSplit(List<Integer> weights) {
    public WeightedSplit {
        weights = List.copyOf(weights);
    }

    /// The index that a number falls on, among those that can be used: their weights are laid side
    /// by side and stretched to the whole. Those of weight 0 are for when no other can be used, in
    /// their order.
    ///
    /// @param at from 0 to 1 (exclusive)
    /// @return -1 when none can be used
    public int pick(double at, IntPredicate usable) {
        long total = 0;
        int spare = -1;
        for (int i = 0; i < weights.size(); i++) {
            if (usable.test(i)) {
                total += weights.get(i);
                spare = spare < 0 ? i : spare;
            }
        }
        if (total == 0) {
            return spare;
        }
        double left = at * total;
        int last = spare;
        for (int i = 0; i < weights.size(); i++) {
            if (weights.get(i) > 0 && usable.test(i)) {
                last = i;
                left -= weights.get(i);
                if (left < 0) {
                    return i;
                }
            }
        }
        return last;
    }
}
