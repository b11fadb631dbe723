package dev.tidemill.rehearsal.study;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.hpa.Behavior;
import dev.tidemill.scaling.hpa.HpaPolicy;
import dev.tidemill.scaling.hpa.Metric;
import dev.tidemill.scaling.keda.KedaPolicy;
import dev.tidemill.scaling.keda.Trigger;
import dev.tidemill.scaling.knative.KpaPolicy;
import dev.tidemill.scaling.objective.ObjectivePolicy;
import dev.tidemill.scaling.objective.Tuning;
import dev.tidemill.scaling.rules.PlainRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Policies that can be compared on any trace, each with one knob to turn.
@SuppressWarnings("ImmutableEnumChecker") // an array of knob positions that nobody outside sees
public enum Family {
    OBJECTIVE("objective", "late requests, %", Double.NaN, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
    MARGIN(
            "margin",
            "standard deviations added to the forecast, not learned",
            1,
            -0.5,
            0,
            0.4,
            0.7,
            1,
            1.3,
            1.6,
            2,
            2.5,
            3,
            4,
            5,
            6.5,
            8),
    HPA("hpa", "CPU target, %", 70, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90),
    HPA_TUNED(
            "hpa-tuned",
            "CPU target, %, shrinking by 20 % a minute, window 300 s",
            70,
            30,
            35,
            40,
            45,
            50,
            55,
            60,
            65,
            70,
            75,
            80,
            85,
            90),
    HPA_RATE(
            "hpa-rate",
            "requests/s a replica, % of what it can do",
            70,
            30,
            40,
            50,
            60,
            70,
            80,
            90),
    KPA("kpa", "busy slots, %", 70, 30, 40, 50, 60, 70, 80, 90),
    KPA_HOLD("kpa-hold", "busy slots, %, scale-down delay 600 s", 70, 30, 40, 50, 60, 70, 80, 90),
    KEDA("keda", "requests in flight a replica, % of its slots", 70, 30, 40, 50, 60, 70, 80, 90),
    QUEUE("queue", "tasks waiting a replica", 100, 1, 2, 5, 10, 20, 50, 100),
    P99("p99", "p99 above the bare service time, % of the limit", 50, 5, 10, 25, 50, 100),
    SERVICE("service", "none: CPU 70 %, memory 80 %, 50 requests waiting a replica", Double.NaN),
    GPU("gpu-doubles", "none: the GPU above 80 % doubles", Double.NaN),
    STATIC("static", "replicas", Double.NaN);

    private final String label;
    private final String knob;
    private final double usual;
    private final double[] sweep;

    Family(String label, String knob, double usual, double... sweep) {
        this.label = label;
        this.knob = knob;
        this.usual = usual;
        this.sweep = sweep;
    }

    public String label() {
        return label;
    }

    /// What the knob's value means.
    public String knob() {
        return knob;
    }

    public static @Nullable Family of(String label) {
        for (Family family : values()) {
            if (family.label.equals(label)) {
                return family;
            }
        }
        return null;
    }

    public static String labels() {
        return Arrays.stream(values()).map(Family::label).collect(Collectors.joining(", "));
    }

    /// As it comes, without anybody turning its knob.
    public Setting usual(Target target) {
        return switch (this) {
            case OBJECTIVE -> at(target, target.late() * 100);
            case STATIC -> at(target, target.peak());
            default -> at(target, usual);
        };
    }

    /// All positions of its knob; just one when it has none.
    public List<Setting> frontier(Target target) {
        List<Setting> settings = new ArrayList<>();
        double[] positions = sweep;
        if (this == STATIC) {
            positions = new double[] {0.3, 0.5, 0.7, 0.85, 1, 1.2};
            for (int i = 0; i < positions.length; i++) {
                positions[i] = Math.max(1, Math.rint(positions[i] * target.peak()));
            }
        }
        for (double position : positions) {
            if (settings.isEmpty() || settings.getLast().knob() != position) {
                settings.add(at(target, position));
            }
        }
        if (settings.isEmpty()) {
            settings.add(usual(target));
        }
        return settings;
    }

    /// @throws IllegalArgumentException for a position that its knob does not have
    public Setting at(Target target, double position) {
        if (sweep.length > 0 && !(position > (this == MARGIN ? -10 : 0))) {
            throw new IllegalArgumentException(
                    "%s: '%s' (expected: %s, above 0)".formatted(label, position, knob));
        }
        String name = Double.isNaN(position) ? label : "%s=%s".formatted(label, number(position));
        return new Setting(label, position, policy(target, name, position));
    }

    private Policy policy(Target target, String name, double position) {
        Bounds bounds = target.bounds();
        int slots = target.service().slots();
        return switch (this) {
            case OBJECTIVE -> ours(target, name, position / 100, Tuning.DEFAULT);
            case MARGIN ->
                    ours(target, name, target.late(), Tuning.DEFAULT.withMargin(position, false));
            case HPA -> hpa(name, bounds, null, cpu(position));
            case HPA_TUNED -> hpa(name, bounds, PlainRules.behavior(), cpu(position));
            case HPA_RATE ->
                    hpa(
                            name,
                            bounds,
                            null,
                            Metric.shared(Signal.ARRIVALS, target.capacity() * position / 100));
            case KPA -> new KpaPolicy(name, bounds, knative(slots * position / 100));
            case KPA_HOLD ->
                    new KpaPolicy(
                            name,
                            bounds,
                            knative(slots * position / 100).withDownDelay(Duration.ofMinutes(10)));
            case KEDA ->
                    KedaPolicy.of(
                            name, bounds, Trigger.of(Signal.IN_FLIGHT, slots * position / 100, 0));
            case QUEUE -> hpa(name, bounds, null, Metric.shared(Signal.QUEUE_DEPTH, position));
            case P99 ->
                    hpa(
                            name,
                            bounds,
                            null,
                            Metric.value(
                                    Signal.P99,
                                    "s",
                                    target.service().slotSeconds()
                                            + Math.max(0.001, target.service().limitSeconds())
                                                    * position
                                                    / 100));
            case SERVICE -> PlainRules.service(bounds);
            case GPU -> PlainRules.gpuDoubles(bounds);
            case STATIC -> new Fixed(name, bounds.clamp((int) Math.round(position)));
        };
    }

    private static KpaPolicy.Settings knative(double target) {
        return KpaPolicy.Settings.concurrency(target / 0.7);
    }

    private static Metric cpu(double percent) {
        return Metric.utilization(Signal.CPU, (int) Math.round(percent));
    }

    private static Policy hpa(
            String name, Bounds bounds, @Nullable Behavior behavior, Metric metric) {
        return HpaPolicy.of(name, bounds.min(), bounds.max(), behavior, metric);
    }

    private static Policy ours(Target target, String name, double late, Tuning tuning) {
        return new ObjectivePolicy(
                name,
                target.bounds(),
                target.objective(late),
                target.replica(),
                new Tuning(
                        tuning.margin(),
                        tuning.learnsMargin(),
                        tuning.hold(),
                        tuning.variability(),
                        tuning.idle(),
                        tuning.silentHold(),
                        tuning.fallback(),
                        target.zone()),
                List.of());
    }

    static String number(double value) {
        return value == Math.rint(value)
                ? String.valueOf((long) value)
                : String.format(Locale.ROOT, "%.4f", value).replaceAll("0+$", "");
    }
}
