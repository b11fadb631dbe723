package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.hpa.Behavior;
import dev.tidemill.scaling.hpa.Behavior.Rate;
import dev.tidemill.scaling.hpa.Behavior.Rules;
import dev.tidemill.scaling.hpa.HpaSettings;
import dev.tidemill.spec.scaling.Scaling.Concurrency;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.MappingCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a `behavior`.
final class BehaviorReader {
    private static final int CONCURRENCY_DOWN_WINDOW = 60;

    private final MappingCursor up;
    private final MappingCursor down;
    private final boolean given;
    private final Optional<Integer> upWindow;
    private final Optional<Integer> downWindow;

    /// @param owner of the key `behavior`
    BehaviorReader(MappingCursor owner) {
        MappingCursor behavior = owner.child(BehaviorKeys.BEHAVIOR);
        this.given = owner.has(BehaviorKeys.BEHAVIOR);
        this.up = behavior.child(BehaviorKeys.UP);
        this.down = behavior.child(BehaviorKeys.DOWN);
        this.upWindow = up.find(BehaviorKeys.UP_WINDOW);
        this.downWindow = down.find(BehaviorKeys.DOWN_WINDOW);
    }

    /// What the plain rule knows of it.
    Concurrency concurrency(double target) {
        return new Concurrency(
                target,
                Duration.ofSeconds(upWindow.orElse(0)),
                Duration.ofSeconds(downWindow.orElse(CONCURRENCY_DOWN_WINDOW)));
    }

    /// Rates and tolerances have no meaning for the plain rule: they are refused, not ignored.
    void onlyWindows() {
        for (MappingCursor each : List.of(up, down)) {
            for (Key key :
                    List.of(BehaviorKeys.POLICIES, BehaviorKeys.SELECT, BehaviorKeys.TOLERANCE)) {
                if (each.has(key)) {
                    each.problem(key, "none with the policy concurrency; hpa and rules have it");
                }
            }
        }
    }

    /// Empty when there is none, which is not the same as an empty one.
    Optional<Behavior> behavior(HpaSettings settings) {
        Behavior defaults = Behavior.defaults(settings);
        Rules growing = rules(up, upWindow, defaults.up());
        Rules shrinking = rules(down, downWindow, defaults.down());
        return given ? Optional.of(new Behavior(growing, shrinking)) : Optional.empty();
    }

    private static Rules rules(MappingCursor given, Optional<Integer> window, Rules otherwise) {
        List<Rate> rates = new ArrayList<>();
        for (MappingCursor policy : given.children(BehaviorKeys.POLICIES)) {
            rates.add(
                    new Rate(
                            policy.get(BehaviorKeys.TYPE),
                            policy.get(BehaviorKeys.VALUE),
                            policy.get(BehaviorKeys.PERIOD)));
        }
        Optional<Double> tolerance = given.find(BehaviorKeys.TOLERANCE);
        return new Rules(
                window.orElse(otherwise.windowSeconds()),
                given.get(BehaviorKeys.SELECT),
                rates.isEmpty() ? otherwise.rates() : rates,
                tolerance.isPresent() ? tolerance.get() : otherwise.tolerance());
    }
}
