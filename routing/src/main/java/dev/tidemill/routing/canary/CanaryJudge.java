package dev.tidemill.routing.canary;

import dev.tidemill.common.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Takes a new version from step to step.
///
/// A version is rolled back as soon as it is worse than a gate allows, beyond doubt. How many looks
/// at the numbers that takes is not known before, and each look is a chance to be wrong, so looks
/// come at 10 requests of the new version and then whenever there are half as many again, and the
/// doubt that the rule allows is divided: evenly over the steps and the gates, and within a step by
/// 1/2, 1/6, 1/12, ... over its looks, which add up to the whole. A version that keeps to its gates
/// is rolled back no more often than `1 - confidence`, whatever the traffic.
///
/// A step ends well when its time is over, both sides have answered enough requests, and the new
/// version's figures as measured are within the gates. Figures beyond them that prove nothing yet
/// hold the step, until there are more or its time-out.
public record CanaryJudge(CanaryRule rule) {
    private static final long FIRST_LOOK = 10;

    public CanaryDecision decide(
            CanaryState state, Evidence stable, Evidence canary, long nowNanos) {
        switch (state.phase()) {
            case PROMOTED -> {
                return new CanaryDecision.Hold(state, "the new version has all requests", false);
            }
            case ROLLED_BACK -> {
                return new CanaryDecision.Hold(state, "the new version gets no requests", false);
            }
            case STEPPING -> {}
        }
        Evidence base = state.share(rule) >= 1 ? state.stableBefore() : stable;
        GateCheck check = new GateCheck(rule.gates(), base, canary);
        CanaryState looked = state;
        if (canary.requests() >= nextLook(state)) {
            Optional<String> worse = check.proof(alpha(state.looks()));
            looked = state.looked(canary.requests());
            if (worse.isPresent()) {
                return new CanaryDecision.Rollback(
                        looked.ended(CanaryState.Phase.ROLLED_BACK, nowNanos),
                        "rolled back at %s: %s".formatted(where(state), worse.get()));
            }
        }
        return forward(looked, check, stable, nowNanos);
    }

    private CanaryDecision forward(
            CanaryState state, GateCheck check, Evidence stable, long nowNanos) {
        long spent = nowNanos - state.sinceNanos();
        Optional<String> missing =
                spent < rule.everyNanos()
                        ? Optional.of(
                                "%s of %s are over".formatted(time(spent), time(rule.everyNanos())))
                        : check.missing();
        if (missing.isEmpty()) {
            return step(state, check, stable, nowNanos);
        }
        if (spent < rule.timeoutNanos()) {
            return new CanaryDecision.Hold(
                    state, "%s: %s".formatted(where(state), missing.get()), false);
        }
        String reason =
                "%s, undecided after %s: %s"
                        .formatted(where(state), time(rule.timeoutNanos()), missing.get());
        return switch (rule.late()) {
            case HOLD -> new CanaryDecision.Hold(state, reason, true);
            case ROLLBACK ->
                    new CanaryDecision.Rollback(
                            state.ended(CanaryState.Phase.ROLLED_BACK, nowNanos),
                            "rolled back at " + reason);
        };
    }

    private CanaryDecision step(
            CanaryState state, GateCheck check, Evidence stable, long nowNanos) {
        String figures = check.figures();
        if (state.step() + 1 >= rule.shares().size()) {
            return new CanaryDecision.Promote(
                    state.ended(CanaryState.Phase.PROMOTED, nowNanos),
                    "promoted after %s: %s".formatted(where(state), figures));
        }
        CanaryState next = state.nextStep(nowNanos, stable);
        return new CanaryDecision.Step(
                next, "%s after %s: %s".formatted(where(next), where(state), figures));
    }

    private static long nextLook(CanaryState state) {
        return state.looks() == 0
                ? FIRST_LOOK
                : Math.max(state.lookedAt() + 1, state.lookedAt() * 3 / 2);
    }

    /// The doubt that one gate may leave at one look.
    private double alpha(int looks) {
        double ofStep = (1 - rule.gates().confidence()) / rule.shares().size();
        return ofStep / rule.gates().count() / ((looks + 1.0) * (looks + 2.0));
    }

    private String where(CanaryState state) {
        List<Double> shares = rule.shares();
        return "step %d of %d (%s)"
                .formatted(
                        Math.min(state.step() + 1, shares.size()),
                        shares.size(),
                        state.isTrial(rule) ? "copies" : GateCheck.percent(state.share(rule)));
    }

    private static String time(long nanos) {
        Duration duration = Duration.ofNanos(nanos);
        return duration.toSeconds() >= 60 && duration.toSecondsPart() == 0
                ? String.format(Locale.ROOT, "%d min", duration.toMinutes())
                : DurationText.format(duration);
    }
}
