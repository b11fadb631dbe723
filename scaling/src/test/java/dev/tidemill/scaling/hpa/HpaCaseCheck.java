package dev.tidemill.scaling.hpa;

import dev.tidemill.scaling.hpa.HpaPass.MetricOutcome;
import dev.tidemill.scaling.hpa.RateLimits.Limited;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Runs one case and says what is not as it expects. An expectation that is not understood is a
/// mismatch too: a runner that skips what it does not know proves nothing.
final class HpaCaseCheck {
    private final HpaCase given;
    private final List<String> mismatches = new ArrayList<>();
    private final Set<String> checked = new HashSet<>();

    private HpaCaseCheck(HpaCase given) {
        this.given = given;
    }

    /// @return empty when the case passes
    static List<String> mismatches(JsonNode json) {
        HpaCaseCheck check = new HpaCaseCheck(new HpaCase(json));
        try {
            check.run();
        } catch (RuntimeException e) {
            check.mismatches.add("malformed: " + e);
            return check.mismatches;
        }
        for (String key : json.propertyNames()) {
            if (key.startsWith("expected") && !check.checked.contains(key)) {
                check.mismatches.add(key + ": not understood");
            }
        }
        return check.mismatches;
    }

    private void run() {
        String kind = given.at("kind").stringValue();
        switch (kind) {
            case "hpa" -> pass();
            case "replicaCalc" -> calculate();
            case "limitsNoBehavior" -> plainLimits();
            case "behaviorRate" -> rates();
            case "stabilizeNoBehavior" -> plainStabilization();
            case "stabilizeBehavior" -> stabilization();
            case "scaleEvents" -> events();
            case "groupPods" -> groups();
            case "requests" -> requests();
            case "scaleUpLimit", "scaleDownLimit" -> limit(kind.equals("scaleUpLimit"));
            default -> throw new IllegalArgumentException("kind: '%s'".formatted(kind));
        }
    }

    private void pass() {
        HpaSpec spec =
                new HpaSpec(
                        HpaCase.absent(given.at("spec", "minReplicas"))
                                ? 1
                                : given.number("spec", "minReplicas"),
                        given.number("spec", "maxReplicas"),
                        given.metricSpecs(),
                        given.behavior());
        HpaPass pass =
                Hpa.reconcile(
                        spec,
                        given.settings(),
                        given.workload(),
                        given.readings(),
                        given.memory(),
                        HpaCase.NOW);
        expect("expectedReplicas", pass.replicas());
        expect("expectedAction", pass.action().label());
        expect("expectedErrorLabel", pass.failed() ? "internal" : "none");
        conditions(pass);
        Map<String, String> actions = new TreeMap<>();
        Map<String, String> errors = new TreeMap<>();
        for (MetricOutcome outcome : pass.metrics()) {
            actions.putIfAbsent(outcome.spec().type(), outcome.action().label());
            errors.putIfAbsent(outcome.spec().type(), outcome.error());
            Proposal proposal = outcome.proposal();
            if (proposal != null
                    && proposal.utilizationPercent() >= 0
                    && !checked.contains("expectedCpuUtilizationPercent")) {
                expect("expectedCpuUtilizationPercent", proposal.utilizationPercent());
            }
        }
        labels("expectedPerMetricAction", actions);
        labels("expectedPerMetricError", errors);
    }

    private void conditions(HpaPass pass) {
        List<String> expected = new ArrayList<>();
        for (JsonNode each : given.at("expectedConditions")) {
            expected.add(
                    "%s=%s/%s"
                            .formatted(
                                    each.path("type").stringValue(),
                                    each.path("status").stringValue(),
                                    each.path("reason").stringValue()));
        }
        List<String> actual =
                pass.conditions().stream()
                        .map(each ->
                                "%s=%s/%s"
                                        .formatted(
                                                each.type(),
                                                each.status() ? "True" : "False",
                                                each.reason()))
                        .toList();
        if (mentioned("expectedConditions")) {
            same("expectedConditions", expected, actual);
        }
    }

    private void labels(String key, Map<String, String> actual) {
        if (mentioned(key)) {
            Map<String, String> expected = new TreeMap<>();
            for (Map.Entry<String, JsonNode> each : given.at(key).properties()) {
                expected.put(each.getKey(), each.getValue().stringValue());
            }
            same(key, expected, actual);
        }
    }

    private void calculate() {
        JsonNode env = given.at("env");
        double fallback = given.settings().tolerance();
        Tolerance tolerance =
                new Tolerance(
                        env.path("toleranceDown").asDouble(fallback),
                        env.path("toleranceUp").asDouble(fallback));
        int current = given.number("spec", "currentReplicas");
        MetricCalculator calculator =
                new MetricCalculator(
                        given.pods(),
                        current,
                        HpaCase.absent(given.at("spec", "statusReplicas"))
                                ? current
                                : given.number("spec", "statusReplicas"),
                        tolerance,
                        given.settings(),
                        HpaCase.NOW);
        try {
            Proposal proposal =
                    calculator.propose(given.metricSpecs().getFirst(), given.readings().getFirst());
            expect("expectedReplicas", proposal.replicas());
            expect("expectedUsageMilli", proposal.usage());
            expect("expectedAverageMilli", proposal.usage());
            expect("expectedUtilizationPercent", proposal.utilizationPercent());
            error(null);
        } catch (MetricFailure failure) {
            expect("expectedReplicas", null);
            error(failure.getMessage());
        }
    }

    private void error(@Nullable String message) {
        JsonNode expected = given.at("expectedError");
        checked.add("expectedError");
        if (HpaCase.absent(expected)) {
            same("expectedError", null, message);
        } else if (message == null || !message.contains(expected.stringValue())) {
            same("expectedError", expected.stringValue(), message);
        }
    }

    private void plainLimits() {
        Limited limited =
                RateLimits.plain(
                        given.number("spec", "currentReplicas"),
                        given.number("spec", "stabilizedReplicas"),
                        given.number("spec", "minReplicas"),
                        given.number("spec", "maxReplicas"),
                        given.settings());
        expect("expectedReplicas", limited.replicas());
        expect("expectedReason", limited.reason());
    }

    private void rates() {
        HpaMemory memory = given.memory();
        Limited limited =
                RateLimits.byRates(
                        given.number("spec", "currentReplicas"),
                        given.number("spec", "stabilizedReplicas"),
                        given.number("spec", "minReplicas"),
                        given.number("spec", "maxReplicas"),
                        Objects.requireNonNull(given.behavior(), "spec.behavior"),
                        memory.ups(),
                        memory.downs(),
                        HpaCase.NOW);
        expect("expectedReplicas", limited.replicas());
        expect("expectedReason", limited.reason());
    }

    private void plainStabilization() {
        Stabilization stabilization = remembered();
        int replicas =
                stabilization.highest(
                        given.number("spec", "proposedReplicas"),
                        given.settings().downscaleStabilization().toMillis(),
                        HpaCase.NOW);
        expect("expectedReplicas", replicas);
        log(stabilization);
    }

    private void stabilization() {
        Stabilization stabilization = remembered();
        int replicas =
                stabilization.held(
                        given.number("spec", "currentReplicas"),
                        given.number("spec", "proposedReplicas"),
                        given.number("spec", "scaleUpWindowSeconds") * 1000L,
                        given.number("spec", "scaleDownWindowSeconds") * 1000L,
                        HpaCase.NOW);
        expect("expectedReplicas", replicas);
        log(stabilization);
    }

    private Stabilization remembered() {
        return new Stabilization(
                HpaCase.entries(given.at("state", "recommendations"), "recommendation").stream()
                        .map(each -> new Stabilization.Recommendation(each.count(), each.at()))
                        .toList());
    }

    private void log(Stabilization stabilization) {
        List<Integer> log =
                stabilization.recommendations().stream()
                        .map(Stabilization.Recommendation::replicas)
                        .toList();
        expect("expectedLogLength", log.size());
        if (mentioned("expectedLog")) {
            List<Integer> expected = new ArrayList<>();
            given.at("expectedLog").forEach(each -> expected.add(each.intValue()));
            same("expectedLog", expected, log);
        }
    }

    private void events() {
        List<ScaleEvents.Event> before =
                HpaCase.entries(given.at("state", "events"), "replicaChange").stream()
                        .map(each -> new ScaleEvents.Event(each.count(), each.at(), false))
                        .toList();
        ScaleEvents events = new ScaleEvents(before);
        int within = events.within(given.number("spec", "windowSeconds"), HpaCase.NOW);
        expect("expectedChangeInWindowBefore", within);
        JsonNode rules = given.at("spec", "rules");
        if (!HpaCase.absent(rules)) {
            int longest = HpaCase.rules(rules, Behavior.Rules.defaultUp()).longestPeriodSeconds();
            events.add(given.number("spec", "newChange"), longest, HpaCase.NOW);
        }
        List<String> expected = new ArrayList<>();
        for (JsonNode each : given.at("expectedEvents")) {
            expected.add(each.path("replicaChange") + " " + each.path("outdated"));
        }
        checked.add("expectedEvents");
        checked.add("expectedReplicas");
        same(
                "expectedEvents",
                expected,
                events.events().stream().map(e -> e.change() + " " + e.outdated()).toList());
    }

    private void groups() {
        MetricSpec spec = given.metricSpecs().getFirst();
        if (!(given.readings().getFirst() instanceof MetricReading.OfPods(var samples))) {
            throw new IllegalArgumentException("metrics[0]: expected samples of pods");
        }
        PodGroups groups =
                PodGroups.of(given.pods(), samples, spec.name(), given.settings(), HpaCase.NOW);
        checked.add("expected");
        checked.add("expectedReplicas");
        same("ready", given.at("expected", "ready").intValue(), groups.ready());
        same("unready", names("unready"), groups.unready());
        same("missing", names("missing"), groups.missing());
        same("ignored", names("ignored"), groups.ignored());
    }

    private Set<String> names(String key) {
        Set<String> names = new HashSet<>();
        given.at("expected", key).forEach(each -> names.add(each.stringValue()));
        return names;
    }

    private void requests() {
        checked.add("expected");
        checked.add("expectedReplicas");
        try {
            Map<String, Long> requests =
                    Requests.of(
                            given.pods(),
                            HpaCase.text(given.at("spec", "container")),
                            HpaCase.text(given.at("spec", "resource")),
                            given.settings().podLevelResources());
            Map<String, Long> expected = new TreeMap<>();
            for (Map.Entry<String, JsonNode> each : given.at("expected").properties()) {
                expected.put(each.getKey(), each.getValue().longValue());
            }
            same("expected", expected, new TreeMap<>(requests));
            error(null);
        } catch (MetricFailure failure) {
            error(failure.getMessage());
        }
    }

    private void limit(boolean up) {
        Behavior.Rules standard = up ? Behavior.Rules.defaultUp() : Behavior.Rules.defaultDown(300);
        Behavior.Rules rules = HpaCase.rules(given.at("spec", "rules"), standard);
        HpaMemory memory = given.memory();
        int current = given.number("spec", "currentReplicas");
        int limit =
                up
                        ? RateLimits.upTo(current, rules, memory.ups(), memory.downs(), HpaCase.NOW)
                        : RateLimits.downTo(
                                current, rules, memory.ups(), memory.downs(), HpaCase.NOW);
        expect("expectedReplicas", limit);
    }

    private boolean mentioned(String key) {
        checked.add(key);
        return !given.at(key).isMissingNode();
    }

    private void expect(String key, @Nullable Object actual) {
        if (!mentioned(key)) {
            return;
        }
        JsonNode node = given.at(key);
        Object expected =
                node.isNull() ? null : node.isNumber() ? node.longValue() : node.stringValue();
        same(key, expected, actual instanceof Integer number ? (Long) number.longValue() : actual);
    }

    private void same(String what, @Nullable Object expected, @Nullable Object actual) {
        if (!Objects.equals(expected, actual)) {
            mismatches.add("%s: %s (expected: %s)".formatted(what, actual, expected));
        }
    }
}
