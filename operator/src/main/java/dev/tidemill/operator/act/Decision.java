package dev.tidemill.operator.act;

import dev.tidemill.operator.plan.Owner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Decides what is to be done in a namespace: nothing where all is as it is wanted.
public final class Decision {
    private Decision() {}

    /// @param wanted in the order in which it can be applied
    /// @param observed all objects of ours
    /// @param residues by object what differed right after it was applied: a server's own way of
    ///   writing, which is no drift
    /// @param isLeft owners whose objects stay as they are
    /// @param isThere owners that exist; what others owned Kubernetes removes by itself
    public static List<Action> of(
            List<Wanted> wanted,
            Map<ObjectKey, Observed> observed,
            Map<ObjectKey, Residue> residues,
            Predicate<String> isLeft,
            Predicate<String> isThere) {
        List<Action> actions = new ArrayList<>();
        Set<ObjectKey> kept = new HashSet<>();
        for (Wanted one : wanted) {
            kept.add(one.key());
            Observed there = observed.get(one.key());
            if (there == null) {
                actions.add(new Action.Apply(one, Action.Why.NEW, List.of()));
            } else if (canChange(one)) {
                changed(one, there, residues).ifPresent(actions::add);
            }
        }
        observed.values().stream()
                .filter(there -> !kept.contains(there.key()))
                .filter(there -> !isLeft.test(there.owner()))
                .filter(there ->
                        there.owner().equals(Owner.NAMESPACE.toString())
                                || isThere.test(there.owner()))
                .forEach(there -> actions.add(new Action.Delete(there.key(), there.owner())));
        return actions;
    }

    /// A Job cannot, and need not: what is to be run anew has another name.
    private static boolean canChange(Wanted one) {
        return !one.key().kind().equals("Job") && !one.key().kind().equals("TrainJob");
    }

    private static Optional<Action> changed(
            Wanted one, Observed there, Map<ObjectKey, Residue> residues) {
        if (!there.digest().equals(one.digest())) {
            return Optional.of(new Action.Apply(one, Action.Why.CHANGED, List.of()));
        }
        List<String> drift = drift(one, there, residues.get(one.key()));
        return drift.isEmpty()
                ? Optional.empty()
                : Optional.of(new Action.Apply(one, Action.Why.DRIFT, drift));
    }

    private static List<String> drift(Wanted wanted, Observed there, @Nullable Residue residue) {
        if (residue != null && residue.version().equals(there.version())) {
            return List.of();
        }
        List<String> drift = new ArrayList<>(Drift.between(wanted.tree(), there.tree().get()));
        if (residue != null && residue.digest().equals(wanted.digest())) {
            drift.removeAll(residue.paths());
        }
        return drift;
    }

    /// What an object was like right after it was applied, or seen to be right.
    ///
    /// @param version that need not be looked at again
    /// @param paths that differed all the same
    public record Residue(String digest, String version, List<String> paths) {
        public static Residue of(Wanted wanted, Observed after) {
            return new Residue(
                    wanted.digest(),
                    after.version(),
                    Drift.between(wanted.tree(), after.tree().get()));
        }
    }
}
