package dev.tidemill.scaling.hpa;

import dev.tidemill.scaling.hpa.Behavior.Rate;
import dev.tidemill.scaling.hpa.Behavior.Rules;
import dev.tidemill.scaling.hpa.Behavior.Select;

/// How far one pass may go.
final class RateLimits {
    /// @param reason as the condition `ScalingLimited` names it
    record Limited(int replicas, String reason) {}

    private static final String WITHIN = "DesiredWithinRange";

    private RateLimits() {}

    /// Without behaviour.
    static Limited plain(int current, int wanted, int min, int max, HpaSettings settings) {
        int step =
                Go.int32(
                        Math.max(
                                settings.scaleUpLimitFactor() * current,
                                settings.scaleUpLimitMinimum()));
        if (wanted < min) {
            return new Limited(min, "TooFewReplicas");
        }
        if (wanted > Math.min(max, step)) {
            return max > step
                    ? new Limited(step, "ScaleUpLimit")
                    : new Limited(max, "TooManyReplicas");
        }
        return new Limited(wanted, WITHIN);
    }

    static Limited byRates(
            int current,
            int wanted,
            int min,
            int max,
            Behavior behavior,
            ScaleEvents ups,
            ScaleEvents downs,
            long now) {
        if (wanted > current) {
            int limit = Math.max(current, upTo(current, behavior.up(), ups, downs, now));
            if (wanted > Math.min(max, limit)) {
                return max > limit
                        ? new Limited(limit, "ScaleUpLimit")
                        : new Limited(max, "TooManyReplicas");
            }
        } else if (wanted < current) {
            int limit = Math.min(current, downTo(current, behavior.down(), ups, downs, now));
            if (wanted < Math.max(min, limit)) {
                return min < limit
                        ? new Limited(limit, "ScaleDownLimit")
                        : new Limited(min, "TooFewReplicas");
            }
        }
        return new Limited(wanted, WITHIN);
    }

    /// Percents are rounded up, in binary floating point: 10 % of 100 allows 111.
    static int upTo(int current, Rules rules, ScaleEvents ups, ScaleEvents downs, long now) {
        if (rules.select() == Select.DISABLED) {
            return current;
        }
        boolean least = rules.select() == Select.MIN;
        int result = least ? Integer.MAX_VALUE : Integer.MIN_VALUE;
        for (Rate rate : rules.rates()) {
            int start = atStart(current, rate, ups, downs, now);
            int proposed =
                    switch (rate.kind()) {
                        case PODS -> start + rate.value();
                        case PERCENT ->
                                Go.int32(Math.ceil(start * (1 + (double) rate.value() / 100)));
                    };
            result = least ? Math.min(result, proposed) : Math.max(result, proposed);
        }
        return result;
    }

    /// What remains is cut to a whole number: 10 % of 3 allows one to go.
    static int downTo(int current, Rules rules, ScaleEvents ups, ScaleEvents downs, long now) {
        if (rules.select() == Select.DISABLED) {
            return current;
        }
        boolean least = rules.select() == Select.MIN;
        int result = least ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        for (Rate rate : rules.rates()) {
            int start = atStart(current, rate, ups, downs, now);
            int proposed =
                    switch (rate.kind()) {
                        case PODS -> start - rate.value();
                        case PERCENT -> Go.int32(start * (1 - (double) rate.value() / 100));
                    };
            result = least ? Math.max(result, proposed) : Math.min(result, proposed);
        }
        return result;
    }

    private static int atStart(
            int current, Rate rate, ScaleEvents ups, ScaleEvents downs, long now) {
        return current
                - ups.within(rate.periodSeconds(), now)
                + downs.within(rate.periodSeconds(), now);
    }
}
