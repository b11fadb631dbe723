package dev.tidemill.rehearsal.study;

import dev.tidemill.rehearsal.Outcome;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.rehearsal.token.TokenOutcome;
import dev.tidemill.scaling.Policy;
import java.util.Map;

/// An engine that plays a scene: by minutes or by requests.
@FunctionalInterface
public interface Player {
    Outcome play(Scene scene, Policy policy, Watcher watcher);

    /// Whether it can play this variant of a scene.
    default boolean can(Scene variant, Scene scene) {
        return true;
    }

    /// What the last replay of each policy came to, by its name, where requests are played one by
    /// one.
    default Map<String, TokenOutcome> requests() {
        return Map.of();
    }
}
