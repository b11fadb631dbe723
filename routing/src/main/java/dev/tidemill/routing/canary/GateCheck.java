package dev.tidemill.routing.canary;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Both sides of a rollout, held against its gates.
record GateCheck(CanaryRule.Gates gates, Evidence stable, Evidence canary) {
    private static final double P95 = 0.95;
    private static final double P99 = 0.99;

    /// Why the new version is worse than a gate allows, beyond doubt; empty when it is not known to
    /// be.
    ///
    /// @param alpha the chance to be wrong, for each gate
    Optional<String> proof(double alpha) {
        return errorsProven(alpha)
                .or(() -> gates.p95().flatMap(gate -> slowProven("p95", P95, gate, alpha)))
                .or(() -> gates.p99().flatMap(gate -> slowProven("p99", P99, gate, alpha)));
    }

    /// What is wanting before the step can end well.
    Optional<String> missing() {
        if (canary.requests() < gates.minRequests()) {
            return Optional.of(
                    "%d of the %d requests that the new version must answer"
                            .formatted(canary.requests(), gates.minRequests()));
        }
        if (stable.requests() < gates.minRequests()) {
            return Optional.of(
                    "%d of the %d requests that the stable version must answer"
                            .formatted(stable.requests(), gates.minRequests()));
        }
        if (canary.failureRate() > stable.failureRate() + gates.errorMargin()) {
            return Optional.of("more errors than allowed, by chance perhaps: " + errors());
        }
        return gates.p95()
                .flatMap(gate -> tooSlow("p95", P95, gate))
                .or(() -> gates.p99().flatMap(gate -> tooSlow("p99", P99, gate)));
    }

    /// The figures that a step ends well with, and how sure they are.
    String figures() {
        List<String> all = new ArrayList<>();
        double alpha = (1 - gates.confidence()) / 2;
        double worst =
                Binomial.upper(canary.failures(), canary.requests(), alpha)
                        - Binomial.lower(stable.failures(), stable.requests(), alpha);
        all.add(
                "%s, with %s confidence at most %s points more (allowed: %s)"
                        .formatted(
                                errors(),
                                percent(gates.confidence()),
                                points(worst),
                                points(gates.errorMargin())));
        gates.p95().ifPresent(gate -> all.add(speed("p95", P95, gate)));
        gates.p99().ifPresent(gate -> all.add(speed("p99", P99, gate)));
        return String.join("; ", all);
    }

    private Optional<String> errorsProven(double alpha) {
        double atLeast = Binomial.lower(canary.failures(), canary.requests(), alpha / 2);
        double atMost = Binomial.upper(stable.failures(), stable.requests(), alpha / 2);
        if (atLeast <= atMost + gates.errorMargin()) {
            return Optional.empty();
        }
        return Optional.of(
                "%s, at least %s points more (allowed: %s; exact binomial bounds, confidence %s)"
                        .formatted(
                                errors(),
                                points(atLeast - atMost),
                                points(gates.errorMargin()),
                                percent(1 - alpha)));
    }

    private Optional<String> slowProven(String name, double part, LatencyGate gate, double alpha) {
        double limit =
                switch (gate) {
                    case LatencyGate.Absolute(long nanos) -> (double) nanos;
                    case LatencyGate.Factor(double times) ->
                            times * stable.latency().quantileAtMost(part, alpha / 2);
                };
        long total = canary.latency().total();
        long above = canary.latency().above(limit);
        double slow =
                Binomial.lower(
                        above, total, gate instanceof LatencyGate.Factor ? alpha / 2 : alpha);
        if (slow <= 1 - part) {
            return Optional.empty();
        }
        return Optional.of(
                "%s; %d of %d took longer than %s, so at least %s do (exact binomial bound, confidence %s)"
                        .formatted(
                                speed(name, part, gate),
                                above,
                                total,
                                time(limit),
                                percent(slow),
                                percent(1 - alpha)));
    }

    private Optional<String> tooSlow(String name, double part, LatencyGate gate) {
        double limit =
                switch (gate) {
                    case LatencyGate.Absolute(long nanos) -> (double) nanos;
                    case LatencyGate.Factor(double times) ->
                            times * stable.latency().quantile(part);
                };
        return canary.latency().quantile(part) > limit
                ? Optional.of("slower than allowed, by chance perhaps: " + speed(name, part, gate))
                : Optional.empty();
    }

    private String errors() {
        return "%d of %d requests failed (%s), %d of %d of the stable version's (%s)"
                .formatted(
                        canary.failures(),
                        canary.requests(),
                        percent(canary.failureRate()),
                        stable.failures(),
                        stable.requests(),
                        percent(stable.failureRate()));
    }

    private String speed(String name, double part, LatencyGate gate) {
        String own = time(canary.latency().quantile(part));
        return switch (gate) {
            case LatencyGate.Absolute(long nanos) ->
                    "%s %s (allowed: %s)".formatted(name, own, time((double) nanos));
            case LatencyGate.Factor(double times) ->
                    "%s %s, the stable version's %s (allowed: %s times that)"
                            .formatted(
                                    name,
                                    own,
                                    time(stable.latency().quantile(part)),
                                    times == Math.rint(times)
                                            ? String.valueOf((long) times)
                                            : String.valueOf(times));
        };
    }

    static String percent(double part) {
        double percent = part * 100;
        String digits = percent > 99 && percent < 100 ? "%.2f %%" : "%.1f %%";
        return percent == Math.rint(percent)
                ? (long) percent + " %"
                : String.format(Locale.ROOT, digits, percent);
    }

    private static String points(double part) {
        return String.format(Locale.ROOT, "%.1f", part * 100);
    }

    private static String time(double nanos) {
        return nanos < 1e6
                ? String.format(Locale.ROOT, "%.2f ms", nanos / 1e6)
                : nanos < 1e9
                        ? String.format(Locale.ROOT, "%.0f ms", nanos / 1e6)
                        : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
