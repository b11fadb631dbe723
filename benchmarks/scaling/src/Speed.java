import dev.tidemill.rehearsal.MinuteReplay;
import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.rehearsal.Tides;
import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.rehearsal.study.Family;
import dev.tidemill.rehearsal.study.Setting;
import dev.tidemill.rehearsal.study.Target;
import dev.tidemill.rehearsal.token.RequestReplay;
import dev.tidemill.rehearsal.token.TokenOutcome;
import dev.tidemill.rehearsal.token.TokenScene;
import dev.tidemill.rehearsal.token.TokenTide;
import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.objective.TokenCost;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/// How quick the two engines are, on one thread.
final class Speed {
    private static final Service SLOW = Service.of(4, 8, 180, 2);

    /// A model of 8 billion parameters on one large GPU, about: 20 thousand prompt tokens a second.
    private static final TokenCost COST =
            new TokenCost(5e-5, 0.008, 0.0002, 2e-9, 0.1, 1_000_000, 64);

    private final boolean quick;

    Speed(boolean quick) {
        this.quick = quick;
    }

    String table() {
        StringBuilder out = new StringBuilder();
        out.append("\n## Speed\n\nTen days of minutes, a decision every 15 s, after warm-up; the target is 100 ms.\n\n");
        out.append("| policy | median | 10 - 90 % |\n|---|---|---|\n");
        MinuteTrace days = Tides.SMALL.trace(10, 3);
        Target target = Target.of(SLOW, new Bounds(1, 200), 0.01, days);
        for (Family family : Family.values()) {
            out.append(days(family.usual(target), days));
        }
        return out.append(tokens()).toString();
    }

    private String days(Setting setting, MinuteTrace days) {
        Scene scene = Scene.of(days, SLOW, 3).withSeed(1);
        long[] nanos = new long[quick ? 15 : 41];
        for (int round = 0; round < nanos.length + 10; round++) {
            long start = System.nanoTime();
            MinuteReplay.run(scene, setting.policy(), Watcher.NONE);
            if (round >= 10) {
                nanos[round - 10] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos);
        String row =
                String.format(
                        Locale.ROOT,
                        "| %s | %.0f ms | %.0f - %.0f ms |%n",
                        setting.name(),
                        nanos[nanos.length / 2] / 1e6,
                        nanos[nanos.length / 10] / 1e6,
                        nanos[nanos.length * 9 / 10] / 1e6);
        System.err.print(row);
        return row;
    }

    private String tokens() {
        int requests = quick ? 500_000 : 5_000_000;
        StringBuilder out =
                new StringBuilder(
                        "\nToken by token, "
                                + String.format(Locale.ROOT, "%,d", requests)
                                + " requests with lengths as Mooncake's and uneven gaps (variation 3), failures, updates and nodes included; the target is 100,000 requests/s. Late is what waits longer than 2 s until a replica begins to read its prompt.\n\n"
                                + "| policy | requests/s | late | first token p50, p99 | replicas on average, at most | memory in use after |\n|---|---|---|---|---|---|\n");
        double perMinute = 600;
        int minutes = (int) (requests / perMinute);
        double[] shape = new double[minutes];
        for (int i = 0; i < minutes; i++) {
            shape[i] = perMinute * (1 + 0.6 * Math.sin(2 * Math.PI * i / 1440));
        }
        MinuteTrace trace = MinuteTrace.of(0, shape);
        TokenTide.Lengths lengths = TokenTide.Lengths.MOONCAKE;
        double prompt = lengths.meanPrompt();
        double output = lengths.meanOutput();
        int slots = COST.slots(prompt + output / 2);
        Service service = Service.of(slots, COST.slotSeconds(prompt, output, slots), 120, 2);
        Target target = Target.of(service, new Bounds(1, 500), 0.01, trace).with(COST);
        for (Family family : new Family[] {Family.OBJECTIVE, Family.KEDA}) {
            long start = System.nanoTime();
            TokenOutcome outcome =
                    RequestReplay.run(
                            TokenScene.of(COST, Duration.ofSeconds(120), Duration.ofSeconds(2), 10)
                                    .withNodes(2, Duration.ofSeconds(90))
                                    .withFailures(500)
                                    .withUpdates(Duration.ofHours(24)),
                            new TokenTide(trace, 3, lengths, 1),
                            family.usual(target).policy(),
                            Watcher.NONE);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.gc();
            long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            String row =
                    String.format(
                            Locale.ROOT,
                            "| %s | %,.0f | %.2f %% | %.1f s, %.1f s | %.1f, %d | %d MB |%n",
                            family.usual(target).name(),
                            outcome.outcome().requests() / seconds,
                            100 * outcome.outcome().late() / outcome.outcome().requests(),
                            outcome.ttft50(),
                            outcome.ttft99(),
                            outcome.outcome().replicaHours() * 60 / minutes,
                            outcome.outcome().most(),
                            used >> 20);
            System.err.print(row);
            System.err.println(outcome);
            out.append(row);
        }
        return out.toString();
    }
}
