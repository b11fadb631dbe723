package dev.tidemill.scaling.hpa;

import dev.tidemill.scaling.hpa.RateLimits.Limited;

/// Windows, then rates and bounds: what stands between the metrics' wish and the order.
///
/// @param stabilized after the windows
/// @param held as `AbleToScale` names it
record Limiting(int stabilized, Limited limited, String held) {
    static Limiting apply(
            HpaSpec spec,
            HpaSettings settings,
            Stabilization stabilization,
            HpaMemory memory,
            int current,
            int wanted,
            long now) {
        Behavior behavior = spec.behavior();
        if (behavior == null) {
            int stabilized =
                    stabilization.highest(
                            wanted, settings.downscaleStabilization().toMillis(), now);
            Limited limited =
                    RateLimits.plain(current, stabilized, spec.min(), spec.max(), settings);
            return new Limiting(
                    stabilized, limited, held(stabilized == wanted, "ScaleDownStabilized"));
        }
        int stabilized =
                stabilization.held(
                        current,
                        wanted,
                        behavior.up().windowSeconds() * 1000L,
                        behavior.down().windowSeconds() * 1000L,
                        now);
        Limited limited =
                RateLimits.byRates(
                        current,
                        stabilized,
                        spec.min(),
                        spec.max(),
                        behavior,
                        memory.ups(),
                        memory.downs(),
                        now);
        String name = wanted >= current ? "ScaleUpStabilized" : "ScaleDownStabilized";
        return new Limiting(stabilized, limited, held(stabilized == wanted, name));
    }

    private static String held(boolean ready, String name) {
        return ready ? "ReadyForNewScale" : name;
    }
}
