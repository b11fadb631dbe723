package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes those models for an ensemble's steps that are ready now. Whether they fit together is
/// found out whenever they are others than before. Thread-safe, without a lock: two requests may
/// find out the same.
final class StepHold {
    private final String ensemble;
    private final EnsemblePlan plan;
    private final ModelDirectory directory;
    private volatile Fitted fitted = new Fitted(List.of(), List.of());

    /// What is known of certain models.
    private record Fitted(List<ServedModel> models, List<String> problems) {}

    StepHold(String ensemble, EnsemblePlan plan, ModelDirectory directory) {
        this.ensemble = ensemble;
        this.plan = plan;
        this.directory = directory;
    }

    /// Those that were taken are given back by whoever asked, when it did not throw.
    ///
    /// @throws TidemillException `UNAVAILABLE` with everything that is in the way
    HeldModels take() {
        Optional<String> circle = EnsembleFit.circle(ensemble, plan.steps(), directory);
        if (circle.isPresent()) {
            throw unavailable(List.of("'%s' (expected: no circle)".formatted(circle.get())));
        }
        HeldModels held = new HeldModels();
        List<String> problems = new ArrayList<>();
        for (int step = 0; step < plan.steps().size(); step++) {
            try {
                held.enter(plan.steps().get(step), directory);
            } catch (TidemillException e) {
                problems.add(plan.stepName(step) + ": " + e.getMessage());
            }
        }
        if (problems.isEmpty()) {
            problems.addAll(misfits(held.all()));
        }
        if (!problems.isEmpty()) {
            held.close();
            throw unavailable(problems);
        }
        return held;
    }

    private List<String> misfits(List<ServedModel> models) {
        Fitted known = fitted;
        if (!isSame(known.models, models)) {
            known = new Fitted(List.copyOf(models), EnsembleFit.problems(plan, models));
            fitted = known;
        }
        return known.problems;
    }

    private static boolean isSame(List<ServedModel> some, List<ServedModel> others) {
        boolean same = some.size() == others.size();
        for (int i = 0; same && i < some.size(); i++) {
            same = some.get(i).equals(others.get(i));
        }
        return same;
    }

    private static TidemillException unavailable(List<String> problems) {
        return new TidemillException(ErrorCode.UNAVAILABLE, String.join("; ", problems));
    }
}
