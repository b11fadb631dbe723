package dev.tidemill.gateway.table;

import dev.tidemill.gateway.canary.LiveCanary;
import dev.tidemill.gateway.canary.SideCounts;
import dev.tidemill.routing.HedgeDelay;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a destination does with its requests beside sending each to one upstream.
///
/// @param canary how the last target takes over from the others; null: all have their weights
/// @param hedge when a second replica is asked as well; null: never
/// @param byPrefix whether what begins alike goes to the same replica
/// @param held requests that may wait for a replica
public record Steering(
        @Nullable LiveCanary canary,
        @Nullable Mirror mirror,
        @Nullable HedgeDelay hedge,
        boolean byPrefix,
        int held) {
    public static final Steering NONE = new Steering(null, null, null, false, Integer.MAX_VALUE);

    /// A new version that is tried with copies of all requests.
    ///
    /// @param counts where it is counted how it does
    public record Trial(Mirror mirror, SideCounts counts) {}

    /// @param targets of the destination, of which the last is the new version
    /// @return null when no rollout is at that now
    public @Nullable Trial trial(List<Destination.Target> targets) {
        LiveCanary.Step step = canary == null ? null : canary.step();
        return step == null || !step.trial()
                ? null
                : new Trial(new Mirror(targets.getLast(), 1), step.canary());
    }

    /// @param share of the requests that are copied, from 0 to 1
    public record Mirror(Destination.Target target, double share) {}
}
