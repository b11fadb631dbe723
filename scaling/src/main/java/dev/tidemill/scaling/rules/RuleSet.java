package dev.tidemill.scaling.rules;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import java.util.ArrayList;
import java.util.List;

/// Several rules for one target. Who wants to grow wins, the highest first; it shrinks only when
/// none that could want more does: rules that only grow have no say in it, a rule that shrinks in
/// steps has one when its time has come.
///
/// @param tracking rules that keep a measure at its threshold and so have a wish at any time
/// @param steps rules that act above or below a threshold
public record RuleSet(String name, Bounds bounds, List<Policy> tracking, List<StepPolicy> steps)
        implements Policy {
    public RuleSet {
        tracking = List.copyOf(tracking);
        steps = List.copyOf(steps);
        if (tracking.isEmpty() && steps.isEmpty()) {
            throw new IllegalArgumentException("rules: none (expected: at least one)");
        }
    }

    @Override
    public Session start() {
        return new Votes(this);
    }

    private static final class Votes implements Session {
        private final RuleSet rules;
        private final List<Session> tracking;
        private final List<Session> steps;

        Votes(RuleSet rules) {
            this.rules = rules;
            this.tracking = rules.tracking.stream().map(Policy::start).toList();
            this.steps = rules.steps.stream().map(Policy::start).toList();
        }

        @Override
        public Verdict decide(Signals seen) {
            List<Verdict> wishes = new ArrayList<>();
            List<Verdict> abstaining = new ArrayList<>();
            for (Session session : tracking) {
                wishes.add(session.decide(seen));
            }
            for (Session session : steps) {
                Verdict verdict = session.decide(seen);
                (verdict.changes() ? wishes : abstaining).add(verdict);
            }
            if (wishes.isEmpty()) {
                return hold(abstaining);
            }
            Verdict winner = wishes.getFirst();
            for (Verdict wish : wishes) {
                winner = wish.replicas() > winner.replicas() ? wish : winner;
            }
            return named(winner);
        }

        /// The count stays; silent only when no rule could be read.
        private Verdict hold(List<Verdict> abstaining) {
            Verdict shown = abstaining.getFirst();
            for (Verdict verdict : abstaining) {
                shown = shown.met(Limit.SILENT) && !verdict.met(Limit.SILENT) ? verdict : shown;
            }
            return named(shown);
        }

        private Verdict named(Verdict verdict) {
            return new Verdict(
                    verdict.seen(),
                    rules.name,
                    verdict.rule(),
                    verdict.wanted(),
                    verdict.limits(),
                    verdict.replicas(),
                    verdict.account());
        }
    }
}
