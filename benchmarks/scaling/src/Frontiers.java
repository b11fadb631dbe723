import dev.tidemill.rehearsal.Day;
import dev.tidemill.rehearsal.Outcome;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.report.FrontierPage;
import dev.tidemill.rehearsal.study.Family;
import dev.tidemill.rehearsal.study.Finding;
import dev.tidemill.rehearsal.study.Gap;
import dev.tidemill.rehearsal.study.Setting;
import dev.tidemill.rehearsal.study.Study;
import dev.tidemill.rehearsal.study.Target;
import dev.tidemill.scaling.Bounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Whole frontiers of one trace, and what is asked of them: lateness at equal cost, cost at equal
/// lateness, each with an interval over days drawn anew, in pairs.
final class Frontiers {
    private static final int DRAWS = 1000;
    private static final String NOT = "not reached";
    private static final List<Family> FAMILIES =
            List.of(
                    Family.OBJECTIVE,
                    Family.MARGIN,
                    Family.HPA,
                    Family.HPA_TUNED,
                    Family.HPA_RATE,
                    Family.KPA,
                    Family.KPA_HOLD,
                    Family.KEDA);

    private final ScalingBenchmark.Case each;
    private final Study study;
    private final Target target;
    private final Map<Family, List<Finding>> lines = new LinkedHashMap<>();
    private final Finding ours;
    private final Map<Finding, Days> days = new IdentityHashMap<>();
    private final double[] oracleDays;
    private final int[][] draws;

    Frontiers(ScalingBenchmark.Case each, int seeds) {
        this.each = each;
        this.target = Target.of(each.service(), new Bounds(1, 1000), 0.01, each.trace());
        Scene scene = Scene.of(each.trace(), each.service(), 4).withSeed(1);
        this.study = new Study(scene, target, seeds);
        for (Family family : FAMILIES) {
            List<Finding> line = new ArrayList<>();
            for (Setting setting : family.frontier(target)) {
                line.add(study.find(setting, null));
            }
            lines.put(family, line);
        }
        this.ours = study.find(Family.OBJECTIVE.usual(target), null);
        int[] oracle = study.oracle();
        this.oracleDays = new double[(oracle.length + 1439) / 1440];
        for (int i = 0; i < oracle.length; i++) {
            oracleDays[i / 1440] += oracle[i] / 60.0;
        }
        lines.values().forEach(line -> line.forEach(one -> days.put(one, Days.of(one, oracleDays.length))));
        days.put(ours, Days.of(ours, oracleDays.length));
        SplittableRandom random = new SplittableRandom(1);
        this.draws = new int[DRAWS][oracleDays.length];
        for (int[] draw : draws) {
            for (int i = 0; i < draw.length; i++) {
                draw[i] = random.nextInt(draw.length);
            }
        }
    }

    String table() {
        StringBuilder out = new StringBuilder();
        out.append("\n## ").append(each.name()).append("\n\n");
        out.append(
                String.format(
                        Locale.ROOT,
                        "%d slots of %.1f s, lead %d s, limit %.1f s; oracle %.0f replica-hours, static peak %.0f.%n%n",
                        each.service().slots(),
                        each.service().slotSeconds(),
                        each.service().startUp().toSeconds(),
                        each.service().limitSeconds(),
                        study.oracleHours(),
                        study.staticHours()));
        if (each.drawn()) {
            out.append("![Cost against late share](scaling-").append(each.file()).append(".svg)\n\n");
        }
        verdicts(out);
        if (each.crowds() != null) {
            int[] all = IntStream.range(0, oracleDays.length).toArray();
            out.append(new Crowds(each.crowds(), each.service(), target, study.seeds()).words(hpaLateAt(all, 1.2)));
        }
        gap(out);
        frontier(out);
        return out.toString();
    }

    String drawing() {
        List<Finding> all = new ArrayList<>();
        lines.values().forEach(all::addAll);
        return FrontierPage.svg(all, target.late());
    }

    private void verdicts(StringBuilder out) {
        out.append("| asked | target | measured | 95 in 100 | |\n|---|---|---|---|---|\n");
        double[] best = quotient(draw -> ourLateAt(draw, 1.2) / hpaLateAt(draw, 1.2));
        double[] plain = quotient(draw -> ourLateAt(draw, 1.2) / lateAt(draw, lines.get(Family.HPA), 1.2));
        if (each.slow()) {
            row(out, "late requests of `margin` at 1.2x the oracle, of plain HPA's there", "at most 0.2", plain, 0.2);
            row(out, "... of the best HPA's, its behaviour tuned too", "at most 0.2", best, 0.2);
            row(out, "cost at 1 % late, of the oracle's", "at most 1.12", quotient(draw -> ourCostAt(draw, 0.01)), 1.12);
        } else {
            row(
                    out,
                    "cost at 1 % late, of the best HPA's there",
                    "at most 1.03",
                    quotient(draw -> ourCostAt(draw, 0.01) / hpaCostAt(draw, 0.01)),
                    1.03);
            row(
                    out,
                    "cost at 0.1 % late, of the best HPA's there",
                    "at most 1.03",
                    quotient(draw -> ourCostAt(draw, 0.001) / hpaCostAt(draw, 0.001)),
                    1.03);
        }
        row(out, "late share of `objective` with 1 % promised, in %", "at most 1", quotient(draw -> 100 * late(draw, ours)), 1);
        if (each.slow()) {
            row(out, "... and its cost, of the oracle's", "at most 1.12", quotient(draw -> cost(draw, ours)), 1.12);
        }
        out.append('\n');
    }

    private static void row(StringBuilder out, String asked, String target, double[] values, double most) {
        double point = values[0];
        double[] sorted = Arrays.stream(values, 1, values.length).sorted().toArray();
        String low = number(sorted[(int) (0.025 * sorted.length)]);
        String high = number(sorted[(int) (0.975 * sorted.length)]);
        out.append(
                String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %s |%n",
                        asked,
                        target,
                        number(point),
                        low.equals(high) && low.equals(NOT) ? NOT : low + " - " + high,
                        point <= most ? "met" : Double.isFinite(point) ? "**missed**" : NOT));
    }

    /// A line that does not get as far has no figure there.
    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : NOT;
    }

    private interface Figure {
        double of(int[] days);
    }

    /// The figure itself first, then one a draw.
    private double[] quotient(Figure figure) {
        double[] values = new double[DRAWS + 1];
        int[] all = new int[oracleDays.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        values[0] = figure.of(all);
        for (int i = 0; i < DRAWS; i++) {
            values[i + 1] = figure.of(draws[i]);
        }
        return values;
    }

    private double late(int[] days, Finding finding) {
        Days sums = this.days.get(finding);
        double late = 0;
        double requests = 0;
        for (int day : days) {
            late += sums.late[day];
            requests += sums.requests[day];
        }
        return late / requests;
    }

    private double cost(int[] days, Finding finding) {
        Days sums = this.days.get(finding);
        double hours = 0;
        double oracle = 0;
        for (int day : days) {
            hours += sums.hours[day];
            oracle += oracleDays[day];
        }
        return hours / oracle;
    }

    /// By day, all seeds together; hours are their mean.
    private record Days(double[] late, double[] requests, double[] hours) {
        static Days of(Finding finding, int days) {
            Days sums = new Days(new double[days], new double[days], new double[days]);
            for (Outcome outcome : finding.outcomes()) {
                for (int day = 0; day < days; day++) {
                    Day one = outcome.days().get(day);
                    sums.late[day] += one.late();
                    sums.requests[day] += one.requests();
                    sums.hours[day] += one.replicaHours() / finding.outcomes().size();
                }
            }
            return sums;
        }
    }

    private double ourLateAt(int[] days, double cost) {
        return Math.min(
                lateAt(days, lines.get(Family.MARGIN), cost),
                lateAt(days, lines.get(Family.OBJECTIVE), cost));
    }

    private double hpaLateAt(int[] days, double cost) {
        return Math.min(
                lateAt(days, lines.get(Family.HPA), cost),
                Math.min(
                        lateAt(days, lines.get(Family.HPA_TUNED), cost),
                        lateAt(days, lines.get(Family.HPA_RATE), cost)));
    }

    private double ourCostAt(int[] days, double late) {
        return Math.min(
                costAt(days, lines.get(Family.MARGIN), late),
                costAt(days, lines.get(Family.OBJECTIVE), late));
    }

    private double hpaCostAt(int[] days, double late) {
        return Math.min(
                costAt(days, lines.get(Family.HPA), late),
                Math.min(
                        costAt(days, lines.get(Family.HPA_TUNED), late),
                        costAt(days, lines.get(Family.HPA_RATE), late)));
    }

    /// Between the settings next to it, the logarithm of lateness along the cost; infinite where the
    /// line does not reach.
    private double lateAt(int[] days, List<Finding> line, double cost) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < line.size(); i++) {
            double at = cost(days, line.get(i));
            if (at <= cost) {
                best = Math.min(best, late(days, line.get(i)));
            }
            if (i > 0) {
                double before = cost(days, line.get(i - 1));
                if ((at - cost) * (before - cost) < 0) {
                    double share = (cost - before) / (at - before);
                    double low = Math.log(Math.max(1e-9, late(days, line.get(i - 1))));
                    double high = Math.log(Math.max(1e-9, late(days, line.get(i))));
                    best = Math.min(best, Math.exp(low + share * (high - low)));
                }
            }
        }
        return best;
    }

    private double costAt(int[] days, List<Finding> line, double late) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < line.size(); i++) {
            double at = late(days, line.get(i));
            if (at <= late) {
                best = Math.min(best, cost(days, line.get(i)));
            }
            if (i > 0) {
                double before = late(days, line.get(i - 1));
                if ((at - late) * (before - late) < 0) {
                    double share =
                            (Math.log(late) - Math.log(Math.max(1e-9, before)))
                                    / (Math.log(Math.max(1e-9, at)) - Math.log(Math.max(1e-9, before)));
                    double low = cost(days, line.get(i - 1));
                    double high = cost(days, line.get(i));
                    best = Math.min(best, low + share * (high - low));
                }
            }
        }
        return best;
    }

    private void gap(StringBuilder out) {
        Gap gap = study.gap(Family.OBJECTIVE.usual(target));
        if (gap != null) {
            out.append(
                    String.format(
                            Locale.ROOT,
                            "`objective` above the oracle: %+.1f %%, of it forecast %+.1f, margin %+.1f, hold %+.1f, other %+.1f.%n%n",
                            100 * gap.total(),
                            100 * gap.forecast(),
                            100 * gap.margin(),
                            100 * gap.hold(),
                            100 * gap.other()));
        }
    }

    private void frontier(StringBuilder out) {
        out.append("<details><summary>All settings</summary>\n\n| setting | late | 95 in 100 | cost, of the oracle's | 95 in 100 | flaps |\n|---|---|---|---|---|---|\n");
        for (List<Finding> line : lines.values()) {
            for (Finding finding : line) {
                out.append(
                        String.format(
                                Locale.ROOT,
                                "| %s | %.4f %% | %.4f - %.4f | %.3f | %.3f - %.3f | %.0f |%n",
                                finding.name(),
                                100 * finding.late(),
                                100 * finding.lateInterval().low(),
                                100 * finding.lateInterval().high(),
                                finding.cost(),
                                finding.costInterval().low(),
                                finding.costInterval().high(),
                                finding.turns()));
            }
        }
        out.append("\n</details>\n");
    }
}
