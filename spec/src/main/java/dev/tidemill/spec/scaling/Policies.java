package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.concurrency.ConcurrencyPolicy;
import dev.tidemill.scaling.concurrency.ScalingRule;
import dev.tidemill.scaling.fleet.FleetPlan;
import dev.tidemill.scaling.guard.GuardedPolicy;
import dev.tidemill.scaling.guard.GuardedPolicy.Safety;
import dev.tidemill.scaling.guard.GuardedPolicy.Sleep;
import dev.tidemill.scaling.hpa.HpaPolicy;
import dev.tidemill.scaling.hpa.Metric;
import dev.tidemill.scaling.keda.KedaPolicy;
import dev.tidemill.scaling.knative.KpaPolicy;
import dev.tidemill.scaling.objective.ObjectivePolicy;
import dev.tidemill.scaling.rules.PlainRules;
import dev.tidemill.scaling.rules.RuleSet;
import dev.tidemill.scaling.rules.StepPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The one place where `scaling` of a file becomes a policy: for the live loop, a rehearsal and the
/// operator.
public final class Policies {
    /// Two looks of the live loop: whenever load begins, the second look after it sees nothing
    /// else, so that a breach is answered within 2 s.
    private static final Duration AVERAGE_OVER = Duration.ofSeconds(1);

    private static final double HOURS_TO_PAY_OFF = 1;

    private Policies() {}

    /// The chosen one.
    public static Policy of(Scaling scaling) {
        return of(scaling, scaling.policy());
    }

    /// Any of them, with the file's settings or their defaults, and with what holds around all:
    /// schedules, the safe behaviour when metrics are silent, sleep.
    ///
    /// @throws IllegalArgumentException for `RULES` of a file that has none
    public static Policy of(Scaling scaling, PolicyKind kind) {
        Bounds bounds = new Bounds(scaling.min(), scaling.max());
        Bounds awake = new Bounds(Math.max(1, scaling.min()), scaling.max());
        Policy policy =
                switch (kind) {
                    case CONCURRENCY -> concurrency(scaling, awake);
                    case HPA -> hpa(scaling, "hpa", bounds);
                    case KPA -> new KpaPolicy("kpa", bounds, scaling.kpa());
                    case KEDA -> keda(scaling, bounds);
                    case RULES -> rules(scaling, awake);
                    case OBJECTIVE ->
                            new ObjectivePolicy(
                                    "objective",
                                    bounds,
                                    scaling.objective(),
                                    scaling.replica(),
                                    scaling.tuning(),
                                    List.of());
                };
        return new GuardedPolicy(
                policy,
                bounds,
                scaling.schedules(),
                safety(scaling, kind),
                sleep(scaling, kind),
                scaling.replica().startUp());
    }

    /// Which kinds of replicas serve that much at the least price.
    ///
    /// @param running now, by kind
    /// @throws IllegalArgumentException for a file without `kinds`
    public static FleetPlan fleet(
            Scaling scaling, double requestsPerSecond, Map<String, Integer> running) {
        if (scaling.kinds().isEmpty()) {
            throw new IllegalArgumentException("scaling.kinds: none (expected: at least one)");
        }
        return FleetPlan.cheapest(
                scaling.kinds(),
                new FleetPlan.Wish(requestsPerSecond, scaling.spotShare(), HOURS_TO_PAY_OFF),
                running);
    }

    private static Policy concurrency(Scaling scaling, Bounds bounds) {
        Scaling.Concurrency settings = scaling.concurrency();
        return new ConcurrencyPolicy(
                "concurrency",
                new ScalingRule(
                        bounds.min(),
                        bounds.max(),
                        settings.target(),
                        AVERAGE_OVER,
                        settings.scaleUpWindow(),
                        settings.scaleDownWindow()));
    }

    private static HpaPolicy hpa(Scaling scaling, String name, Bounds bounds) {
        Scaling.Hpa hpa = scaling.hpa();
        return new HpaPolicy(
                name,
                bounds.min(),
                bounds.max(),
                hpa.metrics(),
                hpa.behavior().orElse(null),
                hpa.settings(),
                hpa.syncPeriod().toMillis());
    }

    private static Policy keda(Scaling scaling, Bounds bounds) {
        Scaling.Keda keda = scaling.keda();
        return new KedaPolicy(
                "keda",
                bounds,
                keda.triggers(),
                keda.pollingInterval(),
                keda.cooldownPeriod(),
                keda.initialCooldownPeriod(),
                keda.fallback().orElse(null),
                keda.modifiers().orElse(null),
                keda.behavior().orElse(null));
    }

    /// The rules that track are metrics of one autoscaler, which looks at every signal.
    private static Policy rules(Scaling scaling, Bounds bounds) {
        List<Metric> metrics = new ArrayList<>();
        List<StepPolicy> steps = new ArrayList<>();
        for (Rule rule : scaling.rules()) {
            switch (rule.action()) {
                case TRACK -> metrics.add(MetricReader.tracking(rule.measure(), rule.threshold()));
                case DOUBLE -> steps.add(step(rule, bounds, rule.threshold(), Double.NaN));
                case SHRINK -> steps.add(step(rule, bounds, Double.NaN, rule.threshold()));
            }
        }
        Scaling.Hpa hpa = scaling.hpa();
        List<Policy> tracking =
                metrics.isEmpty()
                        ? List.of()
                        : List.of(
                                new HpaPolicy(
                                        "rules",
                                        bounds.min(),
                                        bounds.max(),
                                        metrics,
                                        hpa.behavior().orElse(PlainRules.behavior()),
                                        hpa.settings(),
                                        1));
        return new RuleSet("rules", bounds, tracking, steps);
    }

    private static StepPolicy step(Rule rule, Bounds bounds, double above, double below) {
        String name =
                "%s %s".formatted(rule.measure().word(), Double.isNaN(above) ? "shrinks" : "grows");
        return new StepPolicy(
                name,
                bounds,
                rule.measure().signal(),
                above,
                Double.isNaN(above) ? 1 : rule.factor(),
                below,
                rule.floor());
    }

    /// The objective has the same rule within; KEDA's own fallback comes before ours.
    private static @Nullable Safety safety(Scaling scaling, PolicyKind kind) {
        return kind == PolicyKind.OBJECTIVE ? null : scaling.safety();
    }

    private static @Nullable Sleep sleep(Scaling scaling, PolicyKind kind) {
        return switch (kind) {
            case CONCURRENCY, RULES -> scaling.min() == 0 ? new Sleep(scaling.idle()) : null;
            case HPA, KPA, KEDA, OBJECTIVE -> null;
        };
    }
}
