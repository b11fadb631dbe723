import dev.tidemill.rehearsal.MinuteReplay;
import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Outcome;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.rehearsal.slot.Chances;
import dev.tidemill.rehearsal.slot.SlotReplay;
import dev.tidemill.scaling.Policy;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.scaling.Policies;
import dev.tidemill.spec.scaling.PolicyKind;
import dev.tidemill.spec.scaling.Scaling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.Executors;

/// The honesty of rehearsals. A trace of MINUTES minutes runs SCALE times as fast through a real
/// gateway to replicas that are processes of their own (each works on 4 requests at a time, 8 s
/// each, and takes 180 s to start, divided by SCALE), scaled by the live loop. The same trace, settings and
/// policies are rehearsed. All three policies run at the same time, each with a gateway of its own.
void main(String[] arguments) throws Exception {
    int minutes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
    double scale = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 14;
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 7;
    double spread = arguments.length > 3 ? Double.parseDouble(arguments[3]) : 0;
    Service service = Service.of(4, 8, 180, 2);
    MinuteTrace trace = MinuteTrace.of(Instant.parse("2026-11-20T00:00:00Z").toEpochMilli(), rates(minutes, seed));
    Scaling scaling = scaling();
    List<PolicyKind> kinds = List.of(PolicyKind.OBJECTIVE, PolicyKind.HPA, PolicyKind.KPA);
    // First, because it takes seconds: what cannot be rehearsed need not be run.
    Path results = Path.of(System.getenv("HONESTY_HERE"), "results");
    Files.createDirectories(results);
    List<Rehearsed> rehearsed = new ArrayList<>();
    for (PolicyKind kind : kinds) {
        rehearsed.add(rehearsed(trace, service, Policies.of(scaling, kind), spread, scale));
        System.err.println("rehearsed " + kind.word() + ": " + rehearsed.getLast());
    }
    List<Terms> live = kinds.stream().map(_ -> new Terms(trace.startMillis(), minutes)).toList();
    List<Future<Live.Result>> runs = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < kinds.size(); i++) {
            PolicyKind kind = kinds.get(i);
            Terms terms = live.get(i);
            runs.add(threads.submit(() -> {
                try (Live run = new Live(Policies.of(scaling, kind), service, scale, spread, results.resolve("decisions-" + kind.word() + ".txt"), terms)) {
                    return run.run(trace, seed);
                }
            }));
        }
    }
    StringBuilder table = new StringBuilder();
    table.append("| policy | requests | late, live | rehearsed (of %d seeds) | points apart | by minutes | replica-hours, live | rehearsed (of %d seeds) | apart | by minutes | orders, live | rehearsed |%n".formatted(SEEDS, SEEDS));
    table.append("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    boolean honest = true;
    for (int i = 0; i < kinds.size(); i++) {
        Live.Result lived = runs.get(i).get();
        Files.writeString(results.resolve("terms-" + kinds.get(i).word() + ".md"), Terms.beside(live.get(i), rehearsed.get(i).terms()), StandardCharsets.UTF_8);
        Policy policy = Policies.of(scaling, kinds.get(i));
        Rehearsed slots = rehearsed.get(i);
        Outcome formula = MinuteReplay.run(trace, service, policy, 2, _ -> {});
        double points = 100 * (lived.lateShare() - slots.late().mean());
        double hours = 100 * (lived.replicaHours() / slots.hours().mean() - 1);
        honest &= Math.abs(points) <= 2 && Math.abs(hours) <= 10;
        table.append(String.format(
                Locale.ROOT,
                "| `%s` | %,d | %.2f %% | %s %% | %+.2f | %.2f %% | %.2f | %s | %+.1f %% | %.2f | %d | %s |%n",
                kinds.get(i).word(), lived.requests(),
                100 * lived.lateShare(), slots.late().times(100).words(), points, 100 * formula.lateShare(),
                lived.replicaHours(), slots.hours().words(), hours, formula.replicaHours(),
                lived.orders(), slots.orders().words()));
        if (lived.failed() > 0) {
            table.append("%s: %d requests failed%n".formatted(kinds.get(i).word(), lived.failed()));
        }
        System.err.println("%s: %d requests failed, %d looks of %d missed".formatted(kinds.get(i).word(), lived.failed(), lived.missedLooks(), minutes * 60));
    }
    String head = "%d minutes, %.0f times as fast, seed %d, %s service times: %s%n%n".formatted(
            minutes, scale, seed, spread == 0 ? "constant" : "exponential", honest ? "within 10 % and 2 points" : "NOT within 10 % and 2 points");
    System.out.println(head + table);
    Files.writeString(results.resolve("honesty-%d-%.0f-%d-%.0f.md".formatted(minutes, scale, seed, spread)), head + table, StandardCharsets.UTF_8);
    System.exit(honest ? 0 : 1);
}

static final int SEEDS = 20;

/// The same by slots: what a replica takes, how it ends, and chance are as in the live run; with as
/// many other chances as there are seeds.
Rehearsed rehearsed(MinuteTrace trace, Service service, Policy policy, double spread, double scale) {
    Chances chances = new Chances(spread, 0, Duration.ofSeconds(1), Duration.ofSeconds((long) (60 * scale)));
    double[] late = new double[SEEDS];
    double[] hours = new double[SEEDS];
    double[] orders = new double[SEEDS];
    Terms terms = new Terms(trace.startMillis(), trace.minutes());
    for (int i = 0; i < SEEDS; i++) {
        Outcome outcome =
                SlotReplay.run(Scene.of(trace, service, 2).withSeed(i + 1), chances, policy, terms);
        late[i] = outcome.lateShare();
        hours[i] = outcome.replicaHours();
        orders[i] = outcome.orders();
    }
    return new Rehearsed(Range.of(late), Range.of(hours), Range.of(orders), terms);
}

record Rehearsed(Range late, Range hours, Range orders, Terms terms) {
    @Override
    public String toString() {
        return "late %s, hours %s, orders %s".formatted(late.times(100).words(), hours.words(), orders.words());
    }
}

record Range(double mean, double least, double most) {
    static Range of(double[] values) {
        var all = Arrays.stream(values).summaryStatistics();
        return new Range(all.getAverage(), all.getMin(), all.getMax());
    }

    Range times(double factor) {
        return new Range(factor * mean, factor * least, factor * most);
    }

    String words() {
        return String.format(Locale.ROOT, "%.2f (%.2f - %.2f)", mean, least, most);
    }
}

/// A quiet start, a ramp, a class bell, a plateau, a slow end: requests a minute, for replicas that
/// serve 30 a minute each.
double[] rates(int minutes, long seed) {
    Random random = new Random(seed);
    double[] rates = new double[minutes];
    for (int i = 0; i < minutes; i++) {
        double x = (double) i / minutes;
        double shape = x < 0.15 ? 18 : x < 0.4 ? 18 + (x - 0.15) / 0.25 * 60 : x < 0.45 ? 130 : x < 0.75 ? 90 : 90 - (x - 0.75) / 0.25 * 70;
        rates[i] = Math.max(1, Math.round(shape * (0.9 + 0.2 * random.nextDouble())));
    }
    return rates;
}

/// Read as any file is: the same mapping that `up` and `rehearse` use.
Scaling scaling() {
    String file = """
            apiVersion: tidemill.dev/v1alpha1
            kind: Model
            metadata: {name: m}
            spec:
              source: m
              scaling:
                min: 1
                max: 8
                policy: objective
                objective: {latency: 2s, late: 1%}
                replica: {slots: 4, slotTime: 8s, startUp: 180s}
                metrics: [{type: concurrency, target: 2.4}]
                behavior: {scaleDown: {stabilizationWindowSeconds: 300}}
                kpa: {target: 4, target-utilization-percentage: 60, scale-down-delay: 10m}
            """;
    return ((Model) SpecParser.parse("honesty", file.getBytes(StandardCharsets.UTF_8)).orThrow().getFirst()).scaling();
}
