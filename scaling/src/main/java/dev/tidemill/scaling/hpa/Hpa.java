package dev.tidemill.scaling.hpa;

import dev.tidemill.scaling.hpa.HpaPass.Action;
import dev.tidemill.scaling.hpa.HpaPass.Condition;
import dev.tidemill.scaling.hpa.HpaPass.MetricOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One pass of the controller, as Kubernetes 1.35 makes it every 15 s.
public final class Hpa {
    private final HpaSpec spec;
    private final HpaSettings settings;
    private final Workload workload;
    private final HpaMemory memory;
    private final long now;
    private final Map<String, Condition> conditions = new LinkedHashMap<>();
    private List<MetricOutcome> metrics = List.of();

    private Hpa(HpaSpec spec, HpaSettings settings, Workload workload, HpaMemory memory, long now) {
        this.spec = spec;
        this.settings = settings;
        this.workload = workload;
        this.memory = memory;
        this.now = now;
    }

    /// @param readings one for each metric of the file, in its order
    /// @param memory is told of this pass
    /// @param now milliseconds, on the clock of all other times
    public static HpaPass reconcile(
            HpaSpec spec,
            HpaSettings settings,
            Workload workload,
            List<MetricReading> readings,
            HpaMemory memory,
            long now) {
        return new Hpa(spec, settings, workload, memory, now).pass(readings);
    }

    private HpaPass pass(List<MetricReading> readings) {
        int current = workload.specReplicas();
        if (workload.scale() == Workload.Scale.UNREADABLE) {
            set("AbleToScale", false, "FailedGetScale");
            return result(current, true, "");
        }
        set("AbleToScale", true, "SucceededGetScale");
        Stabilization stabilization = memory.stabilization(current, now);
        if (current == 0 && spec.min() != 0) {
            set("ScalingActive", false, "ScalingDisabled");
            return result(current, false, "");
        }
        if (current > spec.max()) {
            return order(spec.max(), false, "Current number of replicas above Spec.MaxReplicas");
        }
        if (current < spec.min()) {
            return order(spec.min(), false, "Current number of replicas below Spec.MinReplicas");
        }
        if (!selectorUsable()) {
            return result(current, true, "");
        }
        metrics = proposals(readings);
        int failures = (int) metrics.stream().filter(each -> each.proposal() == null).count();
        MetricOutcome best = highest();
        if (best == null || (failures > 0 && replicas(best) < current)) {
            set("ScalingActive", false, firstFailure());
            return result(current, true, "");
        }
        set("ScalingActive", true, "ValidMetricFound");
        int wanted = Math.max(0, replicas(best));
        return order(limited(current, wanted, stabilization), failures > 0, why(best, wanted));
    }

    private boolean selectorUsable() {
        return switch (workload.selector()) {
            case USABLE -> true;
            case INVALID -> {
                set("ScalingActive", false, "InvalidSelector");
                yield false;
            }
            case AMBIGUOUS -> {
                set("ScalingActive", false, "AmbiguousSelector");
                yield false;
            }
        };
    }

    private List<MetricOutcome> proposals(List<MetricReading> readings) {
        MetricCalculator calculator =
                new MetricCalculator(
                        workload.pods(),
                        workload.specReplicas(),
                        workload.statusReplicas(),
                        Tolerance.of(settings, spec.behavior()),
                        settings,
                        now);
        List<MetricOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < spec.metrics().size(); i++) {
            MetricSpec metric = spec.metrics().get(i);
            outcomes.add(outcome(calculator, metric, readings.get(i)));
        }
        return outcomes;
    }

    private MetricOutcome outcome(
            MetricCalculator calculator, MetricSpec metric, MetricReading reading) {
        try {
            Proposal proposal = calculator.propose(metric, reading);
            Action action = Action.from(workload.specReplicas(), proposal.replicas());
            return new MetricOutcome(metric, proposal, action, "none", "");
        } catch (MetricFailure failure) {
            String label = failure.specification() ? "spec" : "internal";
            String message = String.valueOf(failure.getMessage());
            return new MetricOutcome(metric, null, Action.NONE, label, message);
        }
    }

    /// The first of the highest; a proposal of zero gives way to any that follows.
    private @Nullable MetricOutcome highest() {
        MetricOutcome best = null;
        for (MetricOutcome each : metrics) {
            Proposal proposal = each.proposal();
            if (proposal != null
                    && (best == null
                            || replicas(best) == 0
                            || proposal.replicas() > replicas(best))) {
                best = each;
            }
        }
        return best;
    }

    private static int replicas(MetricOutcome outcome) {
        Proposal proposal = outcome.proposal();
        return proposal == null ? 0 : proposal.replicas();
    }

    private String firstFailure() {
        for (MetricOutcome each : metrics) {
            if (each.proposal() == null) {
                return each.error().equals("spec")
                        ? "InvalidMetricSourceType"
                        : "FailedGet%sMetric".formatted(each.spec().type());
            }
        }
        return "InvalidMetricSourceType";
    }

    private int limited(int current, int wanted, Stabilization stabilization) {
        Limiting limiting =
                Limiting.apply(spec, settings, stabilization, memory, current, wanted, now);
        set("AbleToScale", true, limiting.held());
        RateLimits.Limited limited = limiting.limited();
        set("ScalingLimited", limited.replicas() != limiting.stabilized(), limited.reason());
        return limited.replicas();
    }

    private String why(MetricOutcome best, int wanted) {
        int current = workload.specReplicas();
        if (wanted > current) {
            return "%s above target".formatted(described(best.spec()));
        }
        return wanted < current ? "All metrics below target" : "";
    }

    private static String described(MetricSpec metric) {
        return switch (metric.type()) {
            case "Resource" -> metric.name() + " resource";
            case "ContainerResource" ->
                    "%s container resource of %s".formatted(metric.name(), metric.container());
            case "Pods" -> "pods metric " + metric.name();
            case "Object" -> "object metric " + metric.name();
            default -> "external metric " + metric.name();
        };
    }

    private HpaPass order(int replicas, boolean failed, String reason) {
        int current = workload.specReplicas();
        if (replicas == current) {
            return result(current, failed, "");
        }
        if (workload.scale() == Workload.Scale.UNWRITABLE) {
            set("AbleToScale", false, "FailedUpdateScale");
            return result(current, true, reason);
        }
        set("AbleToScale", true, "SucceededRescale");
        Behavior behavior = spec.behavior();
        if (behavior != null) {
            memory.changed(current, replicas, behavior, now);
        }
        return result(replicas, failed, reason);
    }

    private HpaPass result(int replicas, boolean failed, String reason) {
        return new HpaPass(
                replicas,
                List.copyOf(conditions.values()),
                Action.from(workload.specReplicas(), replicas),
                failed,
                metrics,
                reason);
    }

    private void set(String type, boolean status, String reason) {
        conditions.put(type, new Condition(type, status, reason));
    }
}
