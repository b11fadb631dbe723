package dev.tidemill.scaling.guard;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Policy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Any policy with what holds around it.
///
/// @param bounds `min` 0 lets it go to sleep
/// @param schedules that raise the lower bound
/// @param safety what happens when metrics stay silent; null when the policy sees to that itself
/// @param sleep null when there is none, or the policy sees to that itself
/// @param startUp from an order to a ready replica, until it is measured
public record GuardedPolicy(
        Policy policy,
        Bounds bounds,
        List<CronSchedule> schedules,
        @Nullable Safety safety,
        @Nullable Sleep sleep,
        Duration startUp)
        implements Policy {
    public GuardedPolicy {
        schedules = List.copyOf(schedules);
    }

    /// @param hold how long nothing changes when metrics are silent
    /// @param replicas that are safe then; 0 to work it out from history
    public record Safety(Duration hold, int replicas) {
        public Safety {
            if (hold.isNegative() || replicas < 0) {
                throw new IllegalArgumentException(
                        "silence: 'hold %s, replicas %d' (expected: not negative)"
                                .formatted(hold, replicas));
            }
        }
    }

    /// @param idle time without any request after which there are no replicas
    public record Sleep(Duration idle) {}

    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public Session start() {
        return new GuardedSession(this);
    }
}
