package dev.tidemill.scaling.keda;

import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.hpa.HpaPolicy;
import dev.tidemill.scaling.hpa.HpaSettings;
import dev.tidemill.scaling.hpa.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The operator's part, and what its metrics server tells the autoscaler.
final class KedaSession implements Policy.Session {
    private static final long NEVER = Long.MIN_VALUE;

    private final KedaPolicy policy;
    private final Policy.Session autoscaler;
    private final double[] readings;
    private final int[] failures;
    private double composed = Double.NaN;
    private long nextPoll = NEVER;
    private long startedAt = NEVER;
    private long activeAt = NEVER;
    private boolean active;

    KedaSession(KedaPolicy policy) {
        this.policy = policy;
        this.readings = new double[policy.triggers().size()];
        this.failures = new int[readings.length];
        this.autoscaler = autoscaler(policy).start();
    }

    private HpaPolicy autoscaler(KedaPolicy policy) {
        List<Metric> metrics = new ArrayList<>();
        Modifiers modifiers = policy.modifiers();
        if (modifiers != null) {
            metrics.add(
                    metric(
                            modifiers.formula().toString(),
                            modifiers.perReplica(),
                            modifiers.target(),
                            -1));
        } else {
            for (int i = 0; i < readings.length; i++) {
                Trigger trigger = policy.triggers().get(i);
                metrics.add(metric(trigger.name(), trigger.perReplica(), trigger.threshold(), i));
            }
        }
        return new HpaPolicy(
                policy.name(),
                Math.max(1, policy.bounds().min()),
                policy.bounds().max(),
                metrics,
                policy.behavior(),
                HpaSettings.DEFAULT,
                15_000);
    }

    private Metric metric(String label, boolean perReplica, double target, int trigger) {
        return new Metric(
                label,
                perReplica ? Metric.Kind.SHARED : Metric.Kind.VALUE,
                seen -> served(seen, trigger, perReplica, target),
                target);
    }

    /// What the metrics server answers for a trigger, or for the formula: a trigger that failed too
    /// often becomes the value that calls for the fallback's count.
    private double served(Signals seen, int trigger, boolean perReplica, double target) {
        double value = trigger < 0 ? composed : readings[trigger];
        if (!Double.isNaN(value)) {
            return value;
        }
        Fallback fallback = policy.fallback();
        if (fallback == null || failuresOf(trigger) <= fallback.failureThreshold()) {
            return Double.NaN;
        }
        double wanted = target * fallback.count(seen.ordered());
        return perReplica ? wanted : seen.ready() > 0 ? wanted / seen.ready() : Double.NaN;
    }

    private int failuresOf(int trigger) {
        return trigger < 0 ? Arrays.stream(failures).max().orElse(0) : failures[trigger];
    }

    @Override
    public Verdict decide(Signals seen) {
        long now = seen.atMillis();
        startedAt = startedAt == NEVER ? now : startedAt;
        boolean polls = now >= nextPoll;
        read(seen, polls);
        if (polls) {
            nextPoll = now + policy.pollingInterval().toMillis();
            active = wakes(seen);
            activeAt = active ? now : activeAt;
        }
        boolean failing = Arrays.stream(failures).anyMatch(count -> count > 0);
        if (seen.ordered() == 0) {
            return fromZero(seen, failing);
        }
        if (policy.bounds().min() == 0 && !active && !failing && cooled(now)) {
            return verdict(
                    seen,
                    "cooldown",
                    0,
                    List.of(),
                    "no trigger was active for %d s".formatted(policy.cooldown().toSeconds()));
        }
        return autoscaler.decide(seen);
    }

    private void read(Signals seen, boolean polls) {
        for (int i = 0; i < readings.length; i++) {
            readings[i] = policy.triggers().get(i).reading().applyAsDouble(seen);
            if (polls) {
                failures[i] = Double.isNaN(readings[i]) ? failures[i] + 1 : 0;
            }
        }
        Modifiers modifiers = policy.modifiers();
        if (modifiers != null) {
            double value = modifiers.formula().of(this::named);
            composed = value >= 0 && value < Double.POSITIVE_INFINITY ? value : Double.NaN;
        }
    }

    private double named(String name) {
        for (int i = 0; i < readings.length; i++) {
            if (policy.triggers().get(i).name().equals(name)) {
                return readings[i];
            }
        }
        return Double.NaN;
    }

    private boolean wakes(Signals seen) {
        Modifiers modifiers = policy.modifiers();
        if (modifiers != null) {
            return composed > modifiers.activationTarget();
        }
        for (int i = 0; i < readings.length; i++) {
            Trigger trigger = policy.triggers().get(i);
            if (trigger.activity().applyAsDouble(seen) > trigger.activation()) {
                return true;
            }
        }
        return false;
    }

    private boolean cooled(long now) {
        return activeAt == NEVER
                ? now - startedAt >= policy.initialCooldown().toMillis()
                : now - activeAt >= policy.cooldown().toMillis();
    }

    private Verdict fromZero(Signals seen, boolean failing) {
        if (active || policy.bounds().min() > 0) {
            int to = Math.max(1, policy.bounds().min());
            return verdict(
                    seen,
                    "activation",
                    to,
                    List.of(Limit.ACTIVATION),
                    active ? "a trigger is above its activation" : "min is " + to);
        }
        return verdict(
                seen,
                "activation",
                0,
                failing ? List.of(Limit.SILENT) : List.of(),
                failing
                        ? "a trigger fails and none is active: asleep, and a fallback does not wake"
                        : "no trigger is above its activation");
    }

    private Verdict verdict(
            Signals seen, String rule, int replicas, List<Limit> limits, String sentence) {
        return new Verdict(seen, policy.name(), rule, replicas, limits, replicas, () -> sentence);
    }
}
