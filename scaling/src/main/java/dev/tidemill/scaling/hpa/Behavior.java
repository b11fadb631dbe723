package dev.tidemill.scaling.hpa;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `spec.behavior`, with everything filled in. That it is present at all changes the first steps:
/// without it one step may go to twice the count or 4, with an empty one to twice or 4 more.
public record Behavior(Rules up, Rules down) {
    /// What an empty `behavior: {}` means.
    public static Behavior defaults(HpaSettings settings) {
        return new Behavior(
                Rules.defaultUp(),
                Rules.defaultDown((int) settings.downscaleStabilization().toSeconds()));
    }

    /// One direction.
    ///
    /// @param windowSeconds how far back recommendations are looked at
    /// @param tolerance null for the cluster's
    public record Rules(
            int windowSeconds, Select select, List<Rate> rates, @Nullable Double tolerance) {
        public Rules {
            rates = List.copyOf(rates);
            if (windowSeconds < 0 || windowSeconds > 3600) {
                throw new IllegalArgumentException(
                        "stabilizationWindowSeconds: '%d' (expected: 0 to 3600)"
                                .formatted(windowSeconds));
            }
            if (tolerance != null && !(tolerance >= 0)) {
                throw new IllegalArgumentException(
                        "tolerance: '%s' (expected: >= 0)".formatted(tolerance));
            }
        }

        static Rules defaultUp() {
            return new Rules(
                    0,
                    Select.MAX,
                    List.of(new Rate(Kind.PODS, 4, 15), new Rate(Kind.PERCENT, 100, 15)),
                    null);
        }

        static Rules defaultDown(int windowSeconds) {
            return new Rules(
                    windowSeconds, Select.MAX, List.of(new Rate(Kind.PERCENT, 100, 15)), null);
        }

        int longestPeriodSeconds() {
            int longest = 0;
            for (Rate rate : rates) {
                longest = Math.max(longest, rate.periodSeconds());
            }
            return longest;
        }
    }

    /// Which of several rates counts.
    public enum Select {
        /// The one that allows the largest change.
        MAX,
        /// The one that allows the smallest change.
        MIN,
        /// None: this direction is switched off.
        DISABLED
    }

    /// What a rate's value counts.
    public enum Kind {
        PODS,
        PERCENT
    }

    /// At most `value` pods, or percent of the count at the period's start, per period.
    public record Rate(Kind kind, int value, int periodSeconds) {
        public Rate {
            if (value <= 0) {
                throw new IllegalArgumentException(
                        "policies[].value: '%d' (expected: > 0)".formatted(value));
            }
            if (periodSeconds < 1 || periodSeconds > 1800) {
                throw new IllegalArgumentException(
                        "policies[].periodSeconds: '%d' (expected: 1 to 1800)"
                                .formatted(periodSeconds));
            }
        }
    }
}
