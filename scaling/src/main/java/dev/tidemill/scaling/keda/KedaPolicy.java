package dev.tidemill.scaling.keda;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.hpa.Behavior;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A `ScaledObject`: polled triggers wake the target from zero and put it to sleep after a
/// cooldown; in between the horizontal pod autoscaler works on the same triggers.
///
/// @param fallback null for none: then a failing trigger only blocks shrinking
/// @param modifiers null for none
/// @param behavior of the autoscaler; null for none
public record KedaPolicy(
        String name,
        Bounds bounds,
        List<Trigger> triggers,
        Duration pollingInterval,
        Duration cooldown,
        Duration initialCooldown,
        @Nullable Fallback fallback,
        @Nullable Modifiers modifiers,
        @Nullable Behavior behavior)
        implements Policy {
    public KedaPolicy {
        triggers = List.copyOf(triggers);
        if (triggers.isEmpty()) {
            throw new IllegalArgumentException("triggers: none (expected: at least one)");
        }
    }

    /// With KEDA's defaults: polled every 30 s, to zero after 300 s of nothing.
    public static KedaPolicy of(String name, Bounds bounds, Trigger... triggers) {
        return new KedaPolicy(
                name,
                bounds,
                List.of(triggers),
                Duration.ofSeconds(30),
                Duration.ofSeconds(300),
                Duration.ZERO,
                null,
                null,
                null);
    }

    public KedaPolicy with(Fallback fallback) {
        return new KedaPolicy(
                name,
                bounds,
                triggers,
                pollingInterval,
                cooldown,
                initialCooldown,
                fallback,
                modifiers,
                behavior);
    }

    public KedaPolicy with(Modifiers modifiers) {
        return new KedaPolicy(
                name,
                bounds,
                triggers,
                pollingInterval,
                cooldown,
                initialCooldown,
                fallback,
                modifiers,
                behavior);
    }

    @Override
    public Session start() {
        return new KedaSession(this);
    }
}
